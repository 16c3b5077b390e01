/**
 * A small picture of a signature in the list, drawn for a person when it comes into sight. Where there is no room for it
 * there is none.
 */
import { makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { previewQuery } from "../api/tenant";
import { useSeen } from "../components/useSeen";
import { Thumbnail } from "../preview/Thumbnail";

const useStyles = makeStyles({
  picture: {
    width: "152px",
    flexShrink: 0,
    marginRight: "8px",
    borderRadius: tokens.borderRadiusMedium,
    border: `1px solid ${tokens.colorNeutralStroke3}`,
    overflow: "hidden",
    "@media (max-width: 1000px)": { display: "none" },
  },
});

interface Props {
  signature: string;
  name: string;
  person: string;
}

export function RowPicture({ signature, name, person }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { id: tenant } = useTenant();
  const [ref, seen] = useSeen<HTMLDivElement>();
  const { data, error } = useQuery({ ...previewQuery(tenant, signature, person), enabled: seen });
  return (
    <div ref={ref} className={styles.picture}>
      <Thumbnail
        rendered={data}
        failed={Boolean(error)}
        title={t("Preview of {{name}}", { name })}
        height={72}
        scale={0.32}
      />
    </div>
  );
}
