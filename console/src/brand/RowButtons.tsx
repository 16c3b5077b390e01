/**
 * Puts one of a list earlier or later, or takes it away.
 */
import { Button, makeStyles, Tooltip } from "@fluentui/react-components";
import { ArrowDownRegular, ArrowUpRegular, DeleteRegular } from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";

const useStyles = makeStyles({ buttons: { display: "flex", gap: "2px", flexShrink: 0 } });

interface Props {
  name: string;
  onUp: (() => void) | undefined;
  onDown: (() => void) | undefined;
  onRemove: () => void;
}

export function RowButtons({ name, onUp, onDown, onRemove }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const all = [
    { label: t("Put {{name}} earlier", { name }), icon: <ArrowUpRegular />, act: onUp },
    { label: t("Put {{name}} later", { name }), icon: <ArrowDownRegular />, act: onDown },
    { label: t("Take {{name}} out", { name }), icon: <DeleteRegular />, act: onRemove },
  ];
  return (
    <div className={styles.buttons}>
      {all.map(({ label, icon, act }) => (
        <Tooltip key={label} content={label} relationship="label">
          {/* Focus stays, also where it can go no further. */}
          <Button appearance="subtle" icon={icon} disabledFocusable={!act} onClick={act} />
        </Tooltip>
      ))}
    </div>
  );
}
