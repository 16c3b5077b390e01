/**
 * The devices that are trusted: no code is asked for there. Each can be forgotten, and all.
 */
import { Button, Text } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { answer, api } from "../../api/client";
import { Loading } from "../../components/Loading";
import { Panel } from "../../components/Panel";
import { ProblemNotice } from "../../components/ProblemNotice";
import { PlaceList } from "./PlaceList";
import { useAccountChange } from "./useAccountChange";

export function Devices() {
  const { t, i18n } = useTranslation();
  const devices = useQuery({
    queryKey: ["account", "devices"],
    queryFn: () => answer(api.GET("/api/v1/account/devices")),
  });
  const forget = useAccountChange(
    (id: string) => answer(api.DELETE("/api/v1/account/devices/{device}", { params: { path: { device: id } } })),
    t("The device is forgotten"),
  );
  const forgetAll = useAccountChange(
    () => answer(api.DELETE("/api/v1/account/devices")),
    t("All devices are forgotten"),
  );
  const day = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium" });
  const list = devices.data?.devices ?? [];
  return (
    <Panel
      title={t("Trusted devices")}
      lead={t("No code is asked for on these.")}
      actions={
        list.length > 1 && (
          <Button disabledFocusable={forgetAll.isPending} onClick={() => forgetAll.mutate()}>
            {t("Forget all")}
          </Button>
        )
      }
    >
      <ProblemNotice error={forget.error ?? forgetAll.error} />
      {!devices.data && <Loading query={devices} rows={1} />}
      {devices.data && list.length === 0 && <Text>{t("None. A code is asked for at every sign-in.")}</Text>}
      <PlaceList
        places={list.map(({ id, name, last_seen, expires }) => ({
          id,
          name,
          more: t("Last seen {{seen}}, trusted until {{until}}", {
            seen: day.format(new Date(last_seen)),
            until: day.format(new Date(expires)),
          }),
        }))}
        action={t("Forget")}
        onAct={(id) => forget.mutate(id)}
      />
    </Panel>
  );
}
