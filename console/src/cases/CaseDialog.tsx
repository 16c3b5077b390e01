/**
 * A test case: what it is called, and what each recipient is to get.
 */
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Dropdown,
  Field,
  Input,
  makeStyles,
  Option,
  Text,
} from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import type { TestCase } from "../api/cases";
import { useTenant } from "../api/session";
import { signaturesQuery } from "../api/tenant";
import { signaturesInWords } from "./casesInWords";

const useStyles = makeStyles({ content: { display: "flex", flexDirection: "column", gap: "16px" } });

interface Props {
  title: string;
  action: string;
  /** What stands in it at first. */
  value: TestCase;
  busy: boolean;
  onSave: (value: TestCase) => void;
  onClose: () => void;
}

export function CaseDialog({ title, action, value, busy, onSave, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const { id: tenant } = useTenant();
  const signatures = useQuery(signaturesQuery(tenant)).data?.signatures ?? [];
  const names = new Map(signatures.map(({ id, name }) => [id, name || id]));
  const [name, setName] = useState(value.name);
  const [expected, setExpected] = useState(value.expected);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() && !busy) onSave({ ...value, name: name.trim(), expected });
  };
  // In the order in which they are tried.
  const inOrder = (ids: string[]) => {
    const places = new Map(signatures.map(({ id }, place) => [id, place]));
    return [...ids].sort((one, other) => (places.get(one) ?? -1) - (places.get(other) ?? -1));
  };
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        <form onSubmit={submit}>
          <DialogBody>
            <DialogTitle>{title}</DialogTitle>
            <DialogContent className={styles.content}>
              <Text>
                {t(
                  "Who writes to whom, the subject, the kind and the like are kept, and nothing of what is written. No change of signatures is published with which somebody would get something else.",
                )}
              </Text>
              <Field label={t("Name")} required>
                <Input value={name} maxLength={200} onChange={(_, data) => setName(data.value)} />
              </Field>
              {expected.map(({ recipient, signatures: ids }) => (
                <Field key={recipient} label={t("{{recipient}} is to get", { recipient })}>
                  <Dropdown
                    multiselect
                    inlinePopup
                    selectedOptions={ids}
                    value={signaturesInWords(ids, names, t, i18n.language)}
                    onOptionSelect={(_, { selectedOptions }) =>
                      setExpected((before) =>
                        before.map((one) =>
                          one.recipient === recipient ? { recipient, signatures: inOrder(selectedOptions) } : one,
                        ),
                      )
                    }
                  >
                    {[...names].map(([id, label]) => (
                      <Option key={id} value={id}>
                        {label}
                      </Option>
                    ))}
                  </Dropdown>
                </Field>
              ))}
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t("Cancel")}</Button>
              <Button type="submit" appearance="primary" disabledFocusable={busy || !name.trim()}>
                {action}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
