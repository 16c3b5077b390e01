/**
 * The brand of the organisation: the colours, fonts and logos that the editor offers first.
 */
import { Button, makeStyles, MessageBar, MessageBarActions, MessageBarBody } from "@fluentui/react-components";
import { ColorRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Revised } from "../api/client";
import { useTenant } from "../api/session";
import { signaturesQuery } from "../api/tenant";
import { EmptyState } from "../components/EmptyState";
import { Loading } from "../components/Loading";
import { PageHeader } from "../components/PageHeader";
import { usedIn } from "../editor/design/used";
import { ColoursPanel } from "./ColoursPanel";
import { faultsOf } from "./faults";
import { FontsPanel } from "./FontsPanel";
import { LogosPanel } from "./LogosPanel";
import { notInBrand, takenOver } from "./proposal";
import { brandQuery, NO_BRAND, type Brand } from "./queries";
import { SaveBar } from "./SaveBar";
import { isSame } from "./same";
import { shadeInWords } from "./shadeWords";
import { TakeOver } from "./TakeOver";
import { useBrandDraft } from "./useBrandDraft";

const useStyles = makeStyles({ parts: { display: "flex", flexDirection: "column", gap: "24px" } });

export default function BrandPage() {
  const { t } = useTranslation();
  const tenant = useTenant();
  const brand = useQuery(brandQuery(tenant.id));
  if (brand.data) return <Kept seen={brand.data} />;
  return (
    <>
      <PageHeader title={t("Brand")} />
      <Loading query={brand} />
    </>
  );
}

function Kept({ seen }: { seen: Revised<Brand> }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const mayWrite = tenant.may("drafts:write");
  const draft = useBrandDraft(seen);
  const { brand, change } = draft;
  const faults = faultsOf(brand);
  const signatures = useQuery({ ...signaturesQuery(tenant.id), enabled: mayWrite }).data?.signatures;
  const found = useMemo(
    () => notInBrand(usedIn((signatures ?? []).map(({ design }) => design)), brand),
    [signatures, brand],
  );
  const isNothingFound = found.colours.length + found.fonts.length === 0;
  return (
    <>
      <PageHeader
        title={t("Brand")}
        lead={t("Whoever draws signatures is offered this first. Signatures that are there stay as they are.")}
        actions={
          mayWrite &&
          !isNothingFound && (
            <TakeOver
              found={found}
              onTake={(taken) => change(takenOver(brand, taken, (colour) => shadeInWords(colour, t)))}
            />
          )
        }
      />
      <div className={styles.parts}>
        {draft.isOvertaken && <Overtaken onDiscard={draft.discard} />}
        {!mayWrite && isSame(brand, NO_BRAND) ? (
          <EmptyState
            icon={<ColorRegular />}
            title={t("No brand is kept yet")}
            text={t("Colours, fonts and logos stand here once somebody who draws signatures has put them in.")}
          />
        ) : (
          <>
            <ColoursPanel
              colours={brand.colours}
              faults={faults}
              onChange={mayWrite ? (colours) => change({ colours }) : undefined}
            />
            <FontsPanel fonts={brand.fonts} onChange={mayWrite ? (fonts) => change({ fonts }) : undefined} />
            <LogosPanel
              logos={brand.logos}
              faults={faults}
              onChange={mayWrite ? (logos) => change({ logos }) : undefined}
            />
          </>
        )}
        {draft.isUnsaved && !draft.isOvertaken && (
          <SaveBar
            isWrong={Object.keys(faults).length > 0}
            isSaving={draft.isSaving}
            onSave={draft.save}
            onDiscard={draft.discard}
          />
        )}
      </div>
    </>
  );
}

function Overtaken({ onDiscard }: { onDiscard: () => void }) {
  const { t } = useTranslation();
  return (
    <MessageBar intent="warning" layout="multiline" role="alert">
      <MessageBarBody>
        {t("Somebody else has changed the brand meanwhile. Nothing was overwritten, and your changes were not saved.")}
      </MessageBarBody>
      <MessageBarActions>
        <Button onClick={onDiscard}>{t("Discard mine and show theirs")}</Button>
      </MessageBarActions>
    </MessageBar>
  );
}
