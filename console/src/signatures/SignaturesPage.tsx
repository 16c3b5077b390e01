/**
 * All signatures of a tenant in the order in which they are tried.
 */
import { Button } from "@fluentui/react-components";
import { AddRegular, FolderAddRegular, SignatureRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { foldersQuery, signaturesQuery } from "../api/tenant";
import { EmptyState } from "../components/EmptyState";
import { ButtonTo } from "../components/links";
import { Loading } from "../components/Loading";
import { NameDialog } from "../components/NameDialog";
import { PageHeader } from "../components/PageHeader";
import { sectionsOf } from "./arrangement";
import { idFor } from "./ids";
import { SignatureList } from "./SignatureList";
import { useSignatureActions } from "./useSignatureActions";

export default function SignaturesPage() {
  const { t } = useTranslation();
  const tenant = useTenant();
  const signatures = useQuery(signaturesQuery(tenant.id));
  const folders = useQuery(foldersQuery(tenant.id));
  const actions = useSignatureActions();
  const [naming, setNaming] = useState(false);
  const mayWrite = tenant.may("signatures:write");

  const addFolder = (name: string) =>
    actions.setFolders.mutate((before) => [
      ...before,
      {
        id: idFor(
          name,
          before.map(({ id }) => id),
          "folder",
        ),
        name,
        enabled: true,
      },
    ]);

  const data = signatures.data && folders.data ? sectionsOf(signatures.data.signatures, folders.data.folders) : null;
  const empty = signatures.data?.signatures.length === 0 && folders.data?.folders.length === 0;
  return (
    <>
      <PageHeader
        title={t("Signatures")}
        lead={t(
          "Tried from top to bottom: a recipient gets the first that applies, and of banners and disclaimers the first as well.",
        )}
        actions={
          mayWrite && (
            <>
              <Button icon={<FolderAddRegular />} onClick={() => setNaming(true)}>
                {t("New folder")}
              </Button>
              <ButtonTo
                appearance="primary"
                icon={<AddRegular />}
                to="/t/$tenant/templates"
                params={{ tenant: tenant.id }}
              >
                {t("New signature")}
              </ButtonTo>
            </>
          )
        }
      />
      {!data && <Loading query={signatures.error ? signatures : folders} />}
      {empty && (
        <EmptyState
          icon={<SignatureRegular />}
          title={t("No signatures yet")}
          text={t(
            "Take one of the finished designs, put your logo in, and decide who gets it. Nothing is sent until you switch it on.",
          )}
        >
          {mayWrite && (
            <ButtonTo appearance="primary" to="/t/$tenant/templates" params={{ tenant: tenant.id }}>
              {t("Choose a design")}
            </ButtonTo>
          )}
        </EmptyState>
      )}
      {data && !empty && <SignatureList sections={data} actions={actions} mayWrite={mayWrite} />}
      {naming && (
        <NameDialog
          title={t("New folder")}
          label={t("Name")}
          action={t("Create")}
          onSave={addFolder}
          onClose={() => setNaming(false)}
        />
      )}
    </>
  );
}
