/**
 * All signatures of a tenant in the order in which they are tried.
 */
import { Button } from "@fluentui/react-components";
import { AddRegular, DocumentArrowUpRegular, FolderAddRegular, SignatureRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { draftsQuery, foldersQuery, signaturesQuery } from "../api/tenant";
import { EmptyState } from "../components/EmptyState";
import { ButtonTo } from "../components/links";
import { Loading } from "../components/Loading";
import { NameDialog } from "../components/NameDialog";
import { PageHeader } from "../components/PageHeader";
import { sectionsOf } from "./arrangement";
import { DraftsContext } from "./drafts";
import { idFor } from "./ids";
import { Proposals } from "./Proposals";
import { SignatureList } from "./SignatureList";
import { useSignatureActions } from "./useSignatureActions";

export default function SignaturesPage() {
  const { t } = useTranslation();
  const tenant = useTenant();
  const signatures = useQuery(signaturesQuery(tenant.id));
  const folders = useQuery(foldersQuery(tenant.id));
  const actions = useSignatureActions();
  const [naming, setNaming] = useState(false);
  const drafts = useQuery(draftsQuery(tenant.id)).data ?? [];
  const mayWrite = tenant.may("signatures:write");
  const mayDraw = mayWrite || tenant.may("drafts:write");

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
          mayDraw && (
            <>
              {mayWrite && (
                <Button icon={<FolderAddRegular />} onClick={() => setNaming(true)}>
                  {t("New folder")}
                </Button>
              )}
              {mayWrite && (
                <ButtonTo icon={<DocumentArrowUpRegular />} to="/t/$tenant/import" params={{ tenant: tenant.id }}>
                  {t("Import")}
                </ButtonTo>
              )}
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
          {mayDraw && (
            <>
              <ButtonTo appearance="primary" to="/t/$tenant/templates" params={{ tenant: tenant.id }}>
                {t("Choose a design")}
              </ButtonTo>
              {mayWrite && (
                <ButtonTo to="/t/$tenant/import" params={{ tenant: tenant.id }}>
                  {t("Import one you have")}
                </ButtonTo>
              )}
            </>
          )}
        </EmptyState>
      )}
      {data && !empty && (
        <DraftsContext value={drafts}>
          <SignatureList sections={data} actions={actions} mayWrite={mayWrite} />
        </DraftsContext>
      )}
      <Proposals drafts={drafts.filter((draft) => draft.is_new)} />
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
