/**
 * For everybody, signed in or not: what we never ask by e-mail, and what is kept of people and of their messages. Every mail
 * of ours leads here.
 */
import { makeStyles, MessageBar, MessageBarBody, Subtitle2, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { LinkTo } from "../components/links";
import { AccountFrame } from "./AccountFrame";

const useStyles = makeStyles({
  part: { display: "flex", flexDirection: "column", gap: "8px" },
  list: {
    margin: 0,
    paddingInlineStart: "20px",
    display: "flex",
    flexDirection: "column",
    gap: "6px",
    lineHeight: "22px",
    color: tokens.colorNeutralForeground2,
  },
});

export default function SecurityPage() {
  const { t } = useTranslation();
  return (
    <AccountFrame
      wide
      title={t("Security and privacy")}
      lead={t("What we ask, and what we keep.")}
      foot={<LinkTo to="/sign-in">{t("Sign in")}</LinkTo>}
    >
      <MessageBar intent="info" layout="multiline">
        <MessageBarBody>
          {t(
            "We never ask for payment data, a VAT number or your password by e-mail. A mail that does is not from us: do not answer it, and tell your support.",
          )}
        </MessageBarBody>
      </MessageBar>
      <Part
        title={t("Our mails")}
        lines={[
          t("They bring a code, a link to this console, or the news that something changed in your account."),
          t("A code is typed only in the window in which you typed your password. Nobody of us asks you for it."),
          t("You did not expect one? Without it nothing happens. Sign in by an address that you know, and set a new password."),
        ]}
      />
      <Part
        title={t("What we keep of you")}
        lines={[
          t("What you entered when you signed up: your names, company, telephone number, e-mail address and postal address."),
          t("Of your password a hash that nobody can turn back, we neither. Of codes and links hashes as well."),
          t("The browsers that you trust and the places where you are signed in, until you forget or end them."),
          t("You can change or erase all of it under “Your account”. No card data is ever stored."),
        ]}
      />
      <Part
        title={t("What we keep of messages")}
        lines={[
          t("No message, no subject and no attachment: they go through memory and are not written down."),
          t("That a message passed, when, and which signature it got, as long as your administrators want; its addresses are sealed."),
        ]}
      />
    </AccountFrame>
  );
}

function Part({ title, lines }: { title: string; lines: string[] }) {
  const styles = useStyles();
  return (
    <section className={styles.part}>
      <Subtitle2 as="h2">{title}</Subtitle2>
      <ul className={styles.list}>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  );
}
