/**
 * Short messages at the edge of the page: what was done, what was refused, and how to take it back.
 */
import {
  Link,
  Toast,
  ToastBody,
  ToastTitle,
  ToastTrigger,
  useToastController,
  type ToastIntent,
} from "@fluentui/react-components";
import { useCallback } from "react";

export const TOASTER = "signet";

interface Message {
  title: string;
  body?: string;
  intent?: ToastIntent;
  /** What the person may do about it, such as take it back. */
  action?: { label: string; run: () => void };
}

export function useToasts() {
  const { dispatchToast } = useToastController(TOASTER);
  return useCallback(
    ({ title, body, intent = "success", action }: Message) =>
      dispatchToast(
        <Toast>
          <ToastTitle
            action={
              action && (
                <ToastTrigger>
                  <Link onClick={action.run}>{action.label}</Link>
                </ToastTrigger>
              )
            }
          >
            {title}
          </ToastTitle>
          {body && <ToastBody>{body}</ToastBody>}
        </Toast>,
        { intent, timeout: intent === "error" || action ? 10_000 : 4_000 },
      ),
    [dispatchToast],
  );
}
