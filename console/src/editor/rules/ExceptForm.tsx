/**
 * Who does not get it, whatever else holds.
 */
import { Body1, Subtitle2 } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { exceptOf, exceptRecipientsOf, listed, type Except } from "./applies";
import { MessageForm } from "./MessageForm";
import { RecipientsForm } from "./RecipientsForm";
import { SendersForm } from "./SendersForm";

export function ExceptForm({ value, onChange }: { value: Except; onChange: (except: Except) => void }) {
  const { t } = useTranslation();
  const set = (keys: Partial<Except>) => onChange(exceptOf({ ...value, ...keys }));
  return (
    <>
      <Body1>{t("Any one of these parts is enough to leave the signature out.")}</Body1>
      <Subtitle2 as="h3" style={{ margin: 0 }}>
        {t("Not from these senders")}
      </Subtitle2>
      <SendersForm value={value.senders ?? {}} onChange={(senders) => set({ senders })} />
      <Subtitle2 as="h3" style={{ margin: 0 }}>
        {t("Not to these recipients")}
      </Subtitle2>
      <RecipientsForm
        value={listed(value.recipients)}
        onChange={(recipients) => set({ recipients: exceptRecipientsOf(recipients) })}
      />
      <Subtitle2 as="h3" style={{ margin: 0 }}>
        {t("Not on these messages")}
      </Subtitle2>
      <MessageForm value={value.message ?? {}} onChange={(message) => set({ message })} />
    </>
  );
}
