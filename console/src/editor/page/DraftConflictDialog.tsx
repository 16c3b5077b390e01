/**
 * Somebody else has saved this draft meanwhile. Both are looked at, and one decides; nothing is written over unseen.
 */
import { Button, Text } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { CompareDialog } from "../../compare/CompareDialog";
import { Comparison } from "../../compare/Comparison";
import { nameOfAuthor } from "../../signatures/draftInWords";
import type { SignatureEntry } from "../design/types";
import type { ServerDraft } from "./serverDraft";

interface Props {
  theirs: ServerDraft;
  mine: SignatureEntry;
  onTheirs: () => void;
  onMine: () => void;
  onClose: () => void;
}

export default function DraftConflictDialog({ theirs, mine, onTheirs, onMine, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const name = nameOfAuthor(theirs.who);
  const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeStyle: "short" });
  const actions = (
    <>
      <Button onClick={onTheirs}>{t("Go on with theirs")}</Button>
      <Button appearance="primary" onClick={onMine}>
        {t("Keep mine")}
      </Button>
    </>
  );
  return (
    <CompareDialog title={t("{{name}} has saved this draft too", { name })} actions={actions} onClose={onClose}>
      <Text>
        {t(
          "Yours is not saved on the server, so that theirs is not lost; it is kept in this browser. Look at both: if you keep yours it replaces theirs, if you go on with theirs yours is gone.",
        )}
      </Text>
      <Comparison
        before={{
          title: t("{{name}}, {{time}}", { name, time: time.format(new Date(theirs.saved)) }),
          entry: theirs.entry,
        }}
        after={{ title: t("Yours"), entry: mine }}
      />
    </CompareDialog>
  );
}
