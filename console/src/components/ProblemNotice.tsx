/**
 * Says what was refused and why, where it happened.
 */
import { MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { isProblem } from "../api/problem";

interface Props {
  error: unknown;
  /** What could not be done; without it the problem's own title. */
  title?: string;
  actions?: ReactNode;
}

export function ProblemNotice({ error, title, actions }: Props) {
  const { t } = useTranslation();
  if (!error) return null;
  const faults = isProblem(error) ? error.faults : [];
  return (
    <MessageBar intent="error" layout="multiline" role="alert">
      <MessageBarBody>
        {title && <MessageBarTitle>{title}</MessageBarTitle>}
        {faults.length > 1 ? (
          <ul>
            {faults.map(({ place, detail }) => (
              <li key={place + detail}>{detail}</li>
            ))}
          </ul>
        ) : (
          messageOf(error, t)
        )}
      </MessageBarBody>
      {actions && <MessageBarActions>{actions}</MessageBarActions>}
    </MessageBar>
  );
}

function messageOf(error: unknown, t: (text: string) => string): string {
  if (isProblem(error)) return error.message;
  return t("The server cannot be reached. Check your connection and try again.");
}
