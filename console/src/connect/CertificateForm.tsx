/**
 * Takes a certificate with its chain and its key: files chosen or dropped, sorted by what is in them, or pasted text.
 */
import {
  Button,
  Field,
  makeStyles,
  mergeClasses,
  MessageBar,
  MessageBarBody,
  Text,
  Textarea,
  tokens,
} from "@fluentui/react-components";
import { DocumentArrowUpRegular } from "@fluentui/react-icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState, type DragEvent } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { isProblem } from "../api/problem";
import { useTenant } from "../api/session";
import { tenantKey } from "../api/tenant";
import { ProblemNotice } from "../components/ProblemNotice";
import { useToasts } from "../components/toasts";
import { withFiles, type Pem } from "./pem";

const NOTHING: Pem = { chain: "", key: "" };

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: "16px" },
  drop: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    justifyContent: "space-between",
    gap: "12px",
    padding: "20px",
    border: `1px dashed ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusLarge,
  },
  over: { backgroundColor: tokens.colorBrandBackground2 },
  file: { display: "none" },
  quiet: { color: tokens.colorNeutralForeground2, flex: "1 1 240px" },
  text: { "& textarea": { fontFamily: tokens.fontFamilyMonospace, fontSize: "12px", minHeight: "104px" } },
  pair: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(min(300px, 100%), 1fr))",
    gap: "16px",
  },
  actions: { display: "flex", flexWrap: "wrap", gap: "8px" },
});

interface Props {
  onTaken: () => void;
  /** Leaves the one before in place; without it there is none. */
  onLeave?: () => void;
}

export function CertificateForm({ onTaken, onLeave }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { id: tenant } = useTenant();
  const cache = useQueryClient();
  const toast = useToasts();
  const input = useRef<HTMLInputElement>(null);
  const [pem, setPem] = useState(NOTHING);
  const [over, setOver] = useState(false);
  const [unread, setUnread] = useState("");

  const take = useMutation({
    mutationFn: () =>
      answer(
        api.PUT("/api/v1/tenants/{tenant}/connection/certificate", { params: { path: { tenant } }, body: pem }),
      ),
    onSuccess: async () => {
      setPem(NOTHING);
      await cache.invalidateQueries({ queryKey: tenantKey(tenant) });
      toast({ title: t("The certificate is in use") });
      onTaken();
    },
  });
  const change = (next: Pem) => {
    take.reset();
    setUnread("");
    setPem(next);
  };
  const read = async (files: Iterable<File>) => {
    const chosen = [...files];
    const texts = await Promise.all(chosen.map((file) => file.text()));
    const next = withFiles(pem, texts);
    change(next);
    if (next.chain === pem.chain && next.key === pem.key) {
      const names = chosen.map(({ name }) => name).join(", ");
      setUnread(t("{{names}}: there is no certificate and no key in text form (PEM) in it.", { names }));
    }
    if (input.current) input.current.value = "";
  };
  const dropped = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void read(event.dataTransfer.files);
  };

  const faultAt = (place: string) =>
    isProblem(take.error) ? take.error.faults.find((fault) => fault.place === place)?.detail : undefined;
  const placed = faultAt("/chain") ?? faultAt("/key");
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (pem.chain && pem.key) take.mutate();
      }}
    >
      <div
        className={mergeClasses(styles.drop, over && styles.over)}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={dropped}
      >
        <Text className={styles.quiet}>
          {t("Drop the files here, certificate with chain and key (.pem, .crt, .key), in one file or in several.")}
        </Text>
        <Button icon={<DocumentArrowUpRegular />} onClick={() => input.current?.click()}>
          {t("Choose files")}
        </Button>
        <input
          ref={input}
          className={styles.file}
          type="file"
          multiple
          accept=".pem,.crt,.cer,.key,.txt"
          aria-label={t("Certificate and key")}
          onChange={(event) => void read(event.target.files ?? [])}
        />
      </div>
      {unread && (
        <MessageBar intent="error" layout="multiline" role="alert">
          <MessageBarBody>
            {unread} {t("A .pfx file becomes text by: openssl pkcs12 -in file.pfx -nodes")}
          </MessageBarBody>
        </MessageBar>
      )}
      <div className={styles.pair}>
        <Field
          label={t("Certificate, then the chain")}
          hint={t("With the intermediate certificates: without them Microsoft 365 refuses the mail.")}
          validationMessage={faultAt("/chain")}
        >
          <Textarea
            className={styles.text}
            value={pem.chain}
            placeholder="-----BEGIN CERTIFICATE-----"
            spellCheck={false}
            onChange={(_, { value }) => change({ ...pem, chain: value })}
          />
        </Field>
        <Field
          label={t("Private key")}
          hint={t("It is kept sealed and is never shown again.")}
          validationMessage={faultAt("/key")}
        >
          <Textarea
            className={styles.text}
            value={pem.key}
            placeholder="-----BEGIN PRIVATE KEY-----"
            autoComplete="off"
            spellCheck={false}
            onChange={(_, { value }) => change({ ...pem, key: value })}
          />
        </Field>
      </div>
      {!placed && <ProblemNotice error={take.error} title={t("The certificate was not taken")} />}
      <div className={styles.actions}>
        <Button type="submit" appearance="primary" disabledFocusable={!pem.chain || !pem.key || take.isPending}>
          {take.isPending ? t("Checking …") : t("Check and use it")}
        </Button>
        {onLeave && <Button onClick={onLeave}>{t("Keep the one before")}</Button>}
      </div>
    </form>
  );
}
