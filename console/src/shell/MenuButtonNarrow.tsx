/**
 * The navigation of a narrow window: a button that opens it over the page.
 */
import {
  Button,
  DrawerBody,
  DrawerHeader,
  DrawerHeaderTitle,
  makeStyles,
  OverlayDrawer,
} from "@fluentui/react-components";
import { Dismiss24Regular, Navigation24Regular } from "@fluentui/react-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Wordmark } from "../components/Wordmark";
import { Navigation } from "./Navigation";
import { TenantSwitcher } from "./TenantSwitcher";

const useStyles = makeStyles({ body: { display: "flex", flexDirection: "column", gap: "16px", paddingTop: "8px" } });

export function MenuButtonNarrow() {
  const { t } = useTranslation();
  const styles = useStyles();
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <Button
        appearance="subtle"
        icon={<Navigation24Regular />}
        aria-label={t("Open the navigation")}
        aria-expanded={open}
        onClick={() => setOpen(true)}
      />
      <OverlayDrawer open={open} onOpenChange={(_, data) => setOpen(data.open)} aria-label={t("Navigation")}>
        <DrawerHeader>
          <DrawerHeaderTitle
            heading={{ as: "div" }}
            action={
              <Button
                appearance="subtle"
                icon={<Dismiss24Regular />}
                aria-label={t("Close the navigation")}
                onClick={close}
              />
            }
          >
            <Wordmark />
          </DrawerHeaderTitle>
        </DrawerHeader>
        <DrawerBody className={styles.body}>
          <TenantSwitcher />
          <Navigation onNavigate={close} />
        </DrawerBody>
      </OverlayDrawer>
    </>
  );
}
