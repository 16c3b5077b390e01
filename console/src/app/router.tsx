/**
 * The pages of the console and who may open them. Every page but signing in is loaded when it is first opened.
 */
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  Outlet,
  redirect,
  type RouterHistory,
} from "@tanstack/react-router";
import type { QueryClient } from "@tanstack/react-query";
import { isProblem } from "../api/problem";
import { sessionQuery } from "../api/session";
import SignInPage from "../account/SignInPage";
import { isRange, type Range } from "../flow/ranges";
import { traceSearch } from "../mail/search";
import { FailedPage, LostPage, WaitingPage } from "./StandInPages";
import { wantedPath } from "./next";
import { queryClient } from "./queries";

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({ component: Outlet });

/** Sign-in carries the page that was wanted. */
const wanted = (search: Record<string, unknown>): { next?: string } =>
  search.next === undefined ? {} : { next: wantedPath(search.next) };

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: wanted,
  component: SignInPage,
});

const signUp = createRoute({
  getParentRoute: () => root,
  path: "/sign-up",
  component: lazyRouteComponent(() => import("../account/SignUpPage")),
});

const verifyEmail = createRoute({
  getParentRoute: () => root,
  path: "/verify-email",
  component: lazyRouteComponent(() => import("../account/VerifyEmailPage")),
});

const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: "/forgot-password",
  component: lazyRouteComponent(() => import("../account/ForgotPasswordPage")),
});

/** For everybody; mails lead here. */
const security = createRoute({
  getParentRoute: () => root,
  path: "/security",
  component: lazyRouteComponent(() => import("../account/SecurityPage")),
});

const resetPassword = createRoute({
  getParentRoute: () => root,
  path: "/reset-password",
  component: lazyRouteComponent(() => import("../account/ResetPasswordPage")),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitation",
  component: lazyRouteComponent(() => import("../account/InvitationPage")),
});

/** Where Microsoft leads back to after a sign-in. */
const signedInAtMicrosoft = createRoute({
  getParentRoute: () => root,
  path: "/signed-in",
  component: lazyRouteComponent(() => import("../account/microsoft/SignedInPage")),
});

/** Where Microsoft leads back to; whoever was sent the link there may have no account here. */
const consent = createRoute({
  getParentRoute: () => root,
  path: "/consent",
  component: lazyRouteComponent(() => import("../connect/ConsentPage")),
});

/** Everything below is for people who are signed in. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: "people",
  beforeLoad: async ({ context, location }) => {
    try {
      return { session: await context.queryClient.ensureQueryData(sessionQuery) };
    } catch (error) {
      if (!isProblem(error, "unauthorized")) throw error;
      throw redirect({ to: "/sign-in", search: location.href === "/" ? {} : { next: location.href } });
    }
  },
  component: Outlet,
});

const start = createRoute({
  getParentRoute: () => signedIn,
  path: "/",
  beforeLoad: ({ context }) => {
    const { tenants } = context.session;
    const first = tenants.find((each) => !each.closed) ?? tenants[0];
    throw first ? redirect({ to: "/t/$tenant", params: { tenant: first.id } }) : redirect({ to: "/account" });
  },
});

const account = createRoute({
  getParentRoute: () => signedIn,
  path: "/account",
  component: lazyRouteComponent(() => import("../account/AccountPage")),
});

const tenant = createRoute({
  getParentRoute: () => signedIn,
  path: "/t/$tenant",
  beforeLoad: ({ context, params }) => {
    const found = context.session.tenants.find((each) => each.id === params.tenant);
    if (!found) throw notFound();
    if (found.closed) throw redirect({ to: "/closed/$tenant", params });
  },
  component: Outlet,
});

/** An organisation that this session does not open. */
const closed = createRoute({
  getParentRoute: () => signedIn,
  path: "/closed/$tenant",
  component: lazyRouteComponent(() => import("../shell/ClosedPage")),
});

/** The pages of a tenant that stand in the frame with the navigation. */
const shell = createRoute({
  getParentRoute: () => tenant,
  id: "shell",
  component: lazyRouteComponent(() => import("../shell/Shell")),
});

const home = createRoute({
  getParentRoute: () => shell,
  path: "/",
  component: lazyRouteComponent(() => import("../start/HomePage")),
});

const guide = createRoute({
  getParentRoute: () => shell,
  path: "/guide",
  component: lazyRouteComponent(() => import("../start/GuidePage")),
});

const signatures = createRoute({
  getParentRoute: () => shell,
  path: "/signatures",
  component: lazyRouteComponent(() => import("../signatures/SignaturesPage")),
});

const templates = createRoute({
  getParentRoute: () => shell,
  path: "/templates",
  component: lazyRouteComponent(() => import("../templates/TemplatesPage")),
});

const brand = createRoute({
  getParentRoute: () => shell,
  path: "/brand",
  component: lazyRouteComponent(() => import("../brand/BrandPage")),
});

const importing = createRoute({
  getParentRoute: () => shell,
  path: "/import",
  component: lazyRouteComponent(() => import("../importing/ImportPage")),
});

const directory = createRoute({
  getParentRoute: () => shell,
  path: "/directory",
  component: lazyRouteComponent(() => import("../directory/DirectoryPage")),
});

const tester = createRoute({
  getParentRoute: () => shell,
  path: "/tester",
  component: lazyRouteComponent(() => import("../tester/TesterPage")),
});

const flow = createRoute({
  getParentRoute: () => shell,
  path: "/flow",
  validateSearch: ({ range }: Record<string, unknown>): { range?: Range } => (isRange(range) ? { range } : {}),
  component: lazyRouteComponent(() => import("../flow/FlowPage")),
});

const mail = createRoute({
  getParentRoute: () => shell,
  path: "/mail",
  validateSearch: traceSearch,
  component: lazyRouteComponent(() => import("../mail/MailPage")),
});

const connect = createRoute({
  getParentRoute: () => shell,
  path: "/connect",
  component: lazyRouteComponent(() => import("../connect/ConnectPage")),
});

const team = createRoute({
  getParentRoute: () => shell,
  path: "/team",
  component: lazyRouteComponent(() => import("../team/TeamPage")),
});

const audit = createRoute({
  getParentRoute: () => shell,
  path: "/audit",
  component: lazyRouteComponent(() => import("../audit/AuditPage")),
});

const settings = createRoute({
  getParentRoute: () => shell,
  path: "/settings",
  component: lazyRouteComponent(() => import("../settings/SettingsPage")),
});

/** The editor has the whole window. */
const editor = createRoute({
  getParentRoute: () => tenant,
  path: "/signatures/$signature",
  component: lazyRouteComponent(() => import("../editor/EditorPage")),
});

const routes = root.addChildren([
  signIn,
  signUp,
  verifyEmail,
  forgotPassword,
  resetPassword,
  security,
  invitation,
  consent,
  signedInAtMicrosoft,
  signedIn.addChildren([
    start,
    account,
    closed,
    tenant.addChildren([
      shell.addChildren([
        home,
        signatures,
        templates,
        brand,
        importing,
        tester,
        directory,
        flow,
        mail,
        connect,
        team,
        audit,
        settings,
        guide,
      ]),
      editor,
    ]),
  ]),
]);

export const createConsoleRouter = (history?: RouterHistory) =>
  createRouter({
    routeTree: routes,
    history,
    context: { queryClient },
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    defaultPendingComponent: WaitingPage,
    defaultErrorComponent: FailedPage,
    defaultNotFoundComponent: LostPage,
  });

export const router = createConsoleRouter();

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
