/**
 * Links and buttons of Fluent UI that lead to a page of the console, as real links: they can be opened in a new tab.
 */
import { Button, Link, type ButtonProps } from "@fluentui/react-components";
import { createLink } from "@tanstack/react-router";
import { forwardRef, type AnchorHTMLAttributes } from "react";

type AnchorProps = AnchorHTMLAttributes<HTMLAnchorElement>;

const Anchor = forwardRef<HTMLAnchorElement, AnchorProps>((props, ref) => (
  <Link {...props} as="a" href={props.href ?? "#"} ref={ref} />
));
Anchor.displayName = "Anchor";

export const LinkTo = createLink(Anchor);

type ButtonAnchorProps = AnchorProps & Pick<ButtonProps, "appearance" | "icon" | "size">;

const ButtonAnchor = forwardRef<HTMLAnchorElement, ButtonAnchorProps>((props, ref) => (
  <Button {...props} as="a" href={props.href ?? "#"} ref={ref} />
));
ButtonAnchor.displayName = "ButtonAnchor";

export const ButtonTo = createLink(ButtonAnchor);
