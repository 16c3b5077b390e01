/**
 * What every page of the console stands in: the theme, the cache, messages that come and go, and the router.
 */
import { FluentProvider, Toaster } from "@fluentui/react-components";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { onRefusal } from "../api/client";
import { ConfirmIdentity } from "../account/ConfirmIdentity";
import { FailingCases } from "../cases/FailingCases";
import { TOASTER } from "../components/toasts";
import { ColourSchemeProvider, useColourScheme } from "./colourScheme";
import { giveFocusBack } from "./giveFocusBack";
import { queryClient } from "./queries";
import { router } from "./router";
import { darkTheme, lightTheme } from "./theme";

export default function App() {
  return (
    <ColourSchemeProvider>
      <Themed />
    </ColourSchemeProvider>
  );
}

function Themed() {
  const { dark } = useColourScheme();
  return (
    <FluentProvider theme={dark ? darkTheme : lightTheme}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <ConfirmIdentity />
        <FailingCases />
      </QueryClientProvider>
      <Toaster toasterId={TOASTER} position="bottom-end" />
    </FluentProvider>
  );
}

giveFocusBack();

/** A session that has ended leads to signing in, and from there back to the same page. */
onRefusal({
  signedOut: () => {
    const { pathname, href } = router.state.location;
    queryClient.clear();
    if (pathname !== "/sign-in") void router.navigate({ to: "/sign-in", search: { next: href } });
  },
});
