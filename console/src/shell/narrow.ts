/** Where the window is too narrow for a navigation beside the page. */
export const NARROW = "@media (max-width: 860px)";
