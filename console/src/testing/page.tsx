/**
 * Shows the console at an address, as the browser would, for tests of pages.
 */
import { Toaster, FluentProvider } from "@fluentui/react-components";
import { QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import { ColourSchemeProvider } from "../app/colourScheme";
import { queryClient } from "../app/queries";
import { createConsoleRouter, router as live } from "../app/router";
import { lightTheme } from "../app/theme";
import { TOASTER } from "../components/toasts";

let router = live;

export function showPage(address: string) {
  queryClient.clear();
  router = createConsoleRouter(createMemoryHistory({ initialEntries: [address] }));
  return render(
    <ColourSchemeProvider>
      <FluentProvider theme={lightTheme}>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
        <Toaster toasterId={TOASTER} />
      </FluentProvider>
    </ColourSchemeProvider>,
  );
}

/** Where the router has led to. */
export const addressNow = () => router.state.location.href;
