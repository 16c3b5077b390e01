/**
 * Where one is signed in at present; each but this one can be ended.
 */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { answer, api } from "../../api/client";
import { Loading } from "../../components/Loading";
import { Panel } from "../../components/Panel";
import { ProblemNotice } from "../../components/ProblemNotice";
import { PlaceList } from "./PlaceList";
import { useAccountChange } from "./useAccountChange";

export function Sessions() {
  const { t, i18n } = useTranslation();
  const sessions = useQuery({
    queryKey: ["account", "sessions"],
    queryFn: () => answer(api.GET("/api/v1/account/sessions")),
  });
  const end = useAccountChange(
    (id: string) => answer(api.DELETE("/api/v1/account/sessions/{session}", { params: { path: { session: id } } })),
    t("It is signed out"),
  );
  const moment = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeStyle: "short" });
  return (
    <Panel title={t("Where you are signed in")}>
      <ProblemNotice error={end.error} />
      {!sessions.data && <Loading query={sessions} rows={1} />}
      <PlaceList
        places={(sessions.data?.sessions ?? []).map(({ id, name, last_seen, this: here }) => ({
          id,
          name,
          here,
          more: t("Last active {{seen}}", { seen: moment.format(new Date(last_seen)) }),
        }))}
        action={t("Sign out")}
        onAct={(id) => end.mutate(id)}
      />
    </Panel>
  );
}
