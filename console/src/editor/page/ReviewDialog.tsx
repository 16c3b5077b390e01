/**
 * What a draft would change of what is published: drawn, and in words. Whoever may decides.
 */
import { Button } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { answer, api } from "../../api/client";
import { useTenant } from "../../api/session";
import { tenantKey } from "../../api/tenant";
import { CompareDialog } from "../../compare/CompareDialog";
import { Comparison } from "../../compare/Comparison";
import type { Editing } from "./useEditing";

interface Props {
  editing: Editing;
  mayPublish: boolean;
  onPublish: () => void;
  onSendBack: (() => void) | null;
  onClose: () => void;
}

export default function ReviewDialog({ editing, mayPublish, onPublish, onSendBack, onClose }: Props) {
  const { t } = useTranslation();
  const { id: tenant } = useTenant();
  const { entry, published, kept } = editing;
  const saved = kept.state === "saved" ? kept.at : null;
  const { data } = useQuery({
    queryKey: [...tenantKey(tenant), "draft-differences", entry.id, saved],
    // What the server has is what is shown, once it has it.
    enabled: saved !== null,
    queryFn: () =>
      answer(
        api.GET("/api/v1/tenants/{tenant}/signatures/{signature}/draft/differences", {
          params: { path: { tenant, signature: entry.id } },
        }),
      ),
  });
  const actions = mayPublish && (
    <>
      {onSendBack && <Button onClick={onSendBack}>{t("Send back")}</Button>}
      <Button appearance="primary" onClick={onPublish}>
        {t("Publish")}
      </Button>
    </>
  );
  return (
    <CompareDialog title={t("What the draft changes")} actions={actions} onClose={onClose}>
      <Comparison
        before={{ title: t("Published"), entry: published.isNew ? null : published.entry }}
        after={{ title: t("Draft"), entry }}
        differences={data?.differences}
      />
    </CompareDialog>
  );
}
