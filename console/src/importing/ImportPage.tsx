/**
 * A signature that the organisation has already, made into one of ours: brought, checked, taken.
 */
import { MessageBar, MessageBarBody } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { useTenant } from "../api/session";
import { PageHeader } from "../components/PageHeader";
import { ProblemNotice } from "../components/ProblemNotice";
import { Bring } from "./Bring";
import { Check } from "./Check";
import { readFiles } from "./read/files";
import { measured, measuredPicture, type Source } from "./read/source";

export default function ImportPage() {
  const { t } = useTranslation();
  const { id: tenant } = useTenant();
  const [sources, setSources] = useState<Source[]>([]);
  const [chosen, setChosen] = useState(0);

  const read = (file: File) =>
    answer(
      api.POST("/api/v1/tenants/{tenant}/import", {
        params: { path: { tenant } },
        headers: { "Content-Type": "message/rfc822" },
        body: file as never,
        bodySerializer: (body) => body as unknown as File,
      }),
    );
  const reading = useMutation({
    mutationFn: async (files: File[]) => {
      const found = await readFiles(files, read);
      return { ...found, sources: await Promise.all(found.sources.map(measured)) };
    },
    onSuccess: (found) => {
      setChosen(0);
      setSources(found.sources);
    },
  });
  const pasting = useMutation({ mutationFn: measured, onSuccess: (source) => setSources([source]) });
  const give = useMutation({
    mutationFn: ({ src, file }: { src: string; file: File }) => measuredPicture({ names: [src], blob: file }),
    onSuccess: (held) => setSources((before) => before.map((one) => ({ ...one, held: [...one.held, held] }))),
  });

  return (
    <>
      <PageHeader
        title={t("Import a signature you have")}
        name={t("Import")}
        trail={[{ label: t("Signatures"), to: "/t/$tenant/signatures" }]}
        lead={t(
          "It is found in a message or a file, made of blocks that you can edit, and filled with what the directory knows of each sender.",
        )}
      />
      <ProblemNotice error={reading.error} title={t("That could not be read")} />
      {give.isError && (
        <MessageBar intent="error" role="alert">
          <MessageBarBody>
            {t("This file is no picture that the browser can read. Take a PNG, JPEG or GIF.")}
          </MessageBarBody>
        </MessageBar>
      )}
      {sources.length === 0 ? (
        <Bring
          reading={reading.isPending || pasting.isPending}
          refused={reading.data?.refused ?? []}
          onFiles={(files) => files.length > 0 && reading.mutate(files)}
          onPasted={(source) => pasting.mutate(source)}
        />
      ) : (
        <Check
          key={chosen}
          sources={sources}
          chosen={chosen}
          onChoose={setChosen}
          onGive={(src, file) => give.mutate({ src, file })}
          onAgain={() => {
            reading.reset();
            setSources([]);
          }}
        />
      )}
    </>
  );
}
