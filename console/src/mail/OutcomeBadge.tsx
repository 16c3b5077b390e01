/**
 * What came of a message, at a glance.
 */
import { Badge, type BadgeProps } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { outcomeInWords, type OutcomeKind } from "./outcome";

const COLOURS: Record<OutcomeKind, BadgeProps["color"]> = {
  signed: "success",
  left: "informative",
  repeated: "informative",
  deferred: "warning",
  refused: "danger",
  lost: "warning",
};

export function OutcomeBadge({ kind }: { kind: OutcomeKind }) {
  const { t } = useTranslation();
  return (
    <Badge appearance="tint" color={COLOURS[kind]}>
      {outcomeInWords(kind, t)}
    </Badge>
  );
}
