/**
 * Proposes the colours and fonts that the signatures use and the brand has not.
 */
import {
  Body1,
  Button,
  Checkbox,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
  makeStyles,
  mergeClasses,
  Subtitle2,
} from "@fluentui/react-components";
import { ArrowDownloadRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Used } from "../editor/design/used";
import { useRowStyles } from "./rows";
import { shadeInWords } from "./shadeWords";

const useStyles = makeStyles({
  label: { display: "inline-flex", alignItems: "center", gap: "10px", minHeight: "20px" },
  swatch: { width: "28px", height: "20px" },
  title: { margin: "16px 0 4px" },
  column: { display: "flex", flexDirection: "column" },
});

interface Props {
  /** What the brand has not. */
  found: Used;
  onTake: (taken: Used) => void;
}

export function TakeOver({ found, onTake }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <Dialog open={open} onOpenChange={(_, data) => setOpen(data.open)}>
      <DialogTrigger disableButtonEnhancement>
        <Button icon={<ArrowDownloadRegular />}>{t("Take over what the signatures use")}</Button>
      </DialogTrigger>
      <DialogSurface>
        <Proposal
          found={found}
          onTake={(taken) => {
            setOpen(false);
            onTake(taken);
          }}
        />
      </DialogSurface>
    </Dialog>
  );
}

function Proposal({ found, onTake }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const rows = useRowStyles();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const set = (one: string, taken: boolean) =>
    setLeft((before) => new Set(taken ? [...before].filter((other) => other !== one) : [...before, one]));
  const taken = {
    colours: found.colours.filter((one) => !left.has(one)),
    fonts: found.fonts.filter((one) => !left.has(one)),
  };
  const box = (one: string, label: React.ReactNode) => (
    <Checkbox
      key={one}
      checked={!left.has(one)}
      onChange={(_, { checked }) => set(one, checked === true)}
      label={<span className={styles.label}>{label}</span>}
    />
  );
  return (
    <DialogBody>
      <DialogTitle>{t("What your signatures use")}</DialogTitle>
      <DialogContent>
        <Body1 block>{t("What you leave chosen is added to the brand, the most used first. Names can be changed then.")}</Body1>
        {found.colours.length > 0 && (
          <div role="group" aria-label={t("Colours")} className={styles.column}>
            <Subtitle2 as="h3" className={styles.title}>
              {t("Colours")}
            </Subtitle2>
            {found.colours.map((colour) =>
              box(
                colour,
                <>
                  <span className={mergeClasses(rows.swatch, styles.swatch)} style={{ backgroundColor: colour }} aria-hidden />
                  {shadeInWords(colour, t)} {colour}
                </>,
              ),
            )}
          </div>
        )}
        {found.fonts.length > 0 && (
          <div role="group" aria-label={t("Fonts")} className={styles.column}>
            <Subtitle2 as="h3" className={styles.title}>
              {t("Fonts")}
            </Subtitle2>
            {found.fonts.map((font) => box(font, <span style={{ fontFamily: font }}>{font}</span>))}
          </div>
        )}
      </DialogContent>
      <DialogActions>
        <DialogTrigger disableButtonEnhancement>
          <Button>{t("Cancel")}</Button>
        </DialogTrigger>
        <Button
          appearance="primary"
          disabledFocusable={taken.colours.length + taken.fonts.length === 0}
          onClick={() => onTake(taken)}
        >
          {t("Take over")}
        </Button>
      </DialogActions>
    </DialogBody>
  );
}
