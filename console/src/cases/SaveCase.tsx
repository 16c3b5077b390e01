/**
 * Keeps what the tester has just answered as a test case.
 */
import { Button } from "@fluentui/react-components";
import { BookmarkAddRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { createCase, type TestCase } from "../api/cases";
import { useTenant } from "../api/session";
import { useTenantChange } from "../components/useTenantChange";
import { useToasts } from "../components/toasts";
import { explanationsOf, shownTo, type Answered } from "../tester/explanation";
import { CaseDialog } from "./CaseDialog";
import { authorOf } from "./casesInWords";

/** A case has no more recipients. */
const MOST = 20;

export function SaveCase({ answered }: { answered: Answered }) {
  const { t } = useTranslation();
  const toast = useToasts();
  const { id: tenant, may } = useTenant();
  const [open, setOpen] = useState(false);
  const save = useTenantChange(
    (value: TestCase) => createCase(tenant, value),
    (_, { name }) => {
      setOpen(false);
      toast({ title: t("“{{name}}” is kept as a test case", { name }) });
    },
  );
  const { message } = answered;
  if (!message || message.recipients.length > MOST || !may("signatures:write")) return null;
  const value: TestCase = {
    name: t("{{author}} to {{recipient}}", { author: authorOf(message), recipient: message.recipients[0] }),
    message,
    expected: explanationsOf(answered).map((explanation) => ({
      recipient: explanation.recipient,
      signatures: shownTo(explanation),
    })),
  };
  return (
    <>
      <Button icon={<BookmarkAddRegular />} onClick={() => setOpen(true)}>
        {t("Save as test case")}
      </Button>
      {open && (
        <CaseDialog
          title={t("Save as test case")}
          action={t("Save")}
          value={value}
          busy={save.isPending}
          onSave={(saved) => save.mutate(saved)}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
