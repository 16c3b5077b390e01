/**
 * One test case: what it says, whether it passes, and what comes instead where it does not.
 */
import {
  Badge,
  Button,
  makeStyles,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Text,
  tokens,
} from "@fluentui/react-components";
import { DeleteRegular, EditRegular, MoreHorizontalRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { createCase, removeCase, replaceCase, type CaseTried, type TestCase } from "../api/cases";
import { useTenant } from "../api/session";
import { useTenantChange } from "../components/useTenantChange";
import { useToasts } from "../components/toasts";
import { CaseDialog } from "./CaseDialog";
import { authorOf, deviationInWords, expectedInWords } from "./casesInWords";

const useStyles = makeStyles({
  row: {
    display: "flex",
    alignItems: "start",
    gap: "12px",
    padding: "14px 12px 14px 16px",
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  words: { display: "flex", flexDirection: "column", gap: "4px", flexGrow: 1, minWidth: 0, overflowWrap: "anywhere" },
  title: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: "4px 8px" },
  name: { fontWeight: tokens.fontWeightSemibold, fontSize: "15px" },
  quiet: { color: tokens.colorNeutralForeground2 },
  wrong: { color: tokens.colorPaletteRedForeground1 },
});

export function CaseRow({ tried, names }: { tried: CaseTried; names: Map<string, string> }) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const { may } = useTenant();
  const { case: one, passes, deviations } = tried;
  const { at, recipients } = one.message;
  const when = at && new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeStyle: "short" });
  const author = authorOf(one.message);
  return (
    <li className={styles.row}>
      <div className={styles.words}>
        <div className={styles.title}>
          <Text className={styles.name}>{one.name}</Text>
          <Badge appearance="tint" color={passes ? "success" : "danger"}>
            {passes ? t("Passes") : t("Fails")}
          </Badge>
        </div>
        <Text size={200} className={styles.quiet}>
          {when
            ? t("From {{author}} to {{to}}, {{time}}", {
                author,
                to: recipients.join(", "),
                time: when.format(new Date(at)),
              })
            : t("From {{author}} to {{to}}", { author, to: recipients.join(", ") })}
        </Text>
        {passes &&
          expectedInWords(one, names, t, i18n.language).map((sentence) => <Text key={sentence}>{sentence}</Text>)}
        {deviations.map((deviation) => (
          <Text key={deviation.recipient} className={styles.wrong}>
            {deviationInWords(deviation, names, t, i18n.language)}
          </Text>
        ))}
      </div>
      {may("signatures:write") && <CaseMenu tried={tried} />}
    </li>
  );
}

function CaseMenu({ tried: { id, case: one } }: { tried: CaseTried }) {
  const { t } = useTranslation();
  const toast = useToasts();
  const { id: tenant } = useTenant();
  const [editing, setEditing] = useState(false);
  const replace = useTenantChange(
    (value: TestCase) => replaceCase(tenant, id, value),
    () => setEditing(false),
  );
  const takeBack = useTenantChange(() => createCase(tenant, one));
  const remove = useTenantChange(
    () => removeCase(tenant, id),
    () =>
      toast({
        title: t("“{{name}}” is deleted", { name: one.name }),
        action: { label: t("Take it back"), run: () => takeBack.mutate() },
      }),
  );
  return (
    <>
      <Menu inline>
        <MenuTrigger disableButtonEnhancement>
          <Button
            appearance="subtle"
            icon={<MoreHorizontalRegular />}
            aria-label={t("More for {{name}}", { name: one.name })}
          />
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            <MenuItem icon={<EditRegular />} onClick={() => setEditing(true)}>
              {t("Edit")}
            </MenuItem>
            <MenuItem icon={<DeleteRegular />} onClick={() => remove.mutate()}>
              {t("Delete")}
            </MenuItem>
          </MenuList>
        </MenuPopover>
      </Menu>
      {editing && (
        <CaseDialog
          title={t("Edit the test case")}
          action={t("Save")}
          value={one}
          busy={replace.isPending}
          onSave={(value) => replace.mutate(value)}
          onClose={() => setEditing(false)}
        />
      )}
    </>
  );
}
