/**
 * One design of the library: drawn for a person when it comes into sight, and a button to take it.
 */
import { Button, Card, makeStyles, Subtitle2, Text, tokens } from "@fluentui/react-components";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { TemplateSummary } from "../api/account";
import { answer, api } from "../api/client";
import { useTenant } from "../api/session";
import { templateQuery, tenantKey, type PersonEntry } from "../api/tenant";
import { useSeen } from "../components/useSeen";
import { Thumbnail } from "../preview/Thumbnail";

const useStyles = makeStyles({
  card: { height: "100%", boxSizing: "border-box", padding: 0, gap: 0, overflow: "hidden" },
  words: { display: "flex", flexDirection: "column", gap: "4px", padding: "16px", flexGrow: 1 },
  picture: { borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  quiet: { color: tokens.colorNeutralForeground2, flexGrow: 1 },
  take: { alignSelf: "flex-start", marginTop: "12px" },
  none: {
    height: "160px",
    display: "flex",
    alignItems: "center",
    justifyContent: "center",
    padding: "0 24px",
    textAlign: "center",
    color: tokens.colorNeutralForeground2,
    backgroundColor: tokens.colorNeutralBackground3,
  },
});

interface Props {
  template: TemplateSummary;
  person: PersonEntry | null;
  /** There is nobody to draw it for. */
  nobody: boolean;
  busy: boolean;
  onChoose: () => void;
}

export function TemplateCard({ template, person, nobody, busy, onChoose }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { id: tenant } = useTenant();
  const [ref, seen] = useSeen<HTMLLIElement>();
  const whole = useQuery({ ...templateQuery(tenant, template.id), enabled: seen && !nobody });
  const drawn = useQuery({
    queryKey: [...tenantKey(tenant), "template-preview", template.id, person?.id],
    queryFn: () =>
      answer(
        api.POST("/api/v1/tenants/{tenant}/preview", {
          params: { path: { tenant } },
          body: { person: person!.id, signature: whole.data! },
        }),
      ),
    enabled: Boolean(person && whole.data),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
  return (
    <li ref={ref}>
      <Card className={styles.card}>
        <div className={styles.picture}>
          {nobody ? (
            <div className={styles.none}>
              <Text size={200}>{t("It is drawn here once the directory has been read.")}</Text>
            </div>
          ) : (
            <Thumbnail
              rendered={drawn.data}
              failed={Boolean(whole.error ?? drawn.error)}
              title={t("Preview of {{name}}", { name: template.name })}
              height={160}
              scale={0.6}
            />
          )}
        </div>
        <div className={styles.words}>
          <Subtitle2 as="h2">{template.name}</Subtitle2>
          <Text className={styles.quiet}>{template.description}</Text>
          <Button
            className={styles.take}
            disabledFocusable={busy}
            onClick={onChoose}
            aria-label={t("Use this design: {{name}}", { name: template.name })}
          >
            {t("Use this design")}
          </Button>
        </div>
      </Card>
    </li>
  );
}
