/**
 * Shows a drawn signature in a frame of its own, in which no script runs and which has no access to the console.
 */
import { makeStyles, mergeClasses } from "@fluentui/react-components";
import { previewDocument, type Rendered } from "./previewDocument";

const useStyles = makeStyles({
  frame: {
    display: "block",
    width: "100%",
    height: "100%",
    border: "none",
    backgroundColor: "#fff",
    colorScheme: "light",
  },
  picture: { pointerEvents: "none" },
});

interface Props {
  rendered: Rendered;
  title: string;
  /** Only to be looked at: no pointer and no key gets into it. */
  picture?: boolean;
}

export function SignatureFrame({ rendered, title, picture }: Props) {
  const styles = useStyles();
  return (
    <iframe
      className={mergeClasses(styles.frame, picture && styles.picture)}
      title={title}
      sandbox=""
      srcDoc={previewDocument(rendered)}
      tabIndex={picture ? -1 : undefined}
    />
  );
}
