/**
 * Which organisation this is, and the way to the others of the account, if there are any.
 */
import {
  Avatar,
  Button,
  makeStyles,
  Menu,
  MenuItemLink,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Text,
  tokens,
} from "@fluentui/react-components";
import { ChevronUpDown20Regular } from "@fluentui/react-icons";
import { useRouter } from "@tanstack/react-router";
import { useSession, useTenant } from "../api/session";

const useStyles = makeStyles({
  here: {
    display: "flex",
    alignItems: "center",
    gap: "10px",
    width: "100%",
    minHeight: "44px",
    padding: "0 12px",
    boxSizing: "border-box",
    justifyContent: "flex-start",
    textAlign: "left",
    fontWeight: tokens.fontWeightSemibold,
  },
  name: { flexGrow: 1, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
});

export function TenantSwitcher() {
  const styles = useStyles();
  const router = useRouter();
  const { tenants } = useSession();
  const here = useTenant();
  const sign = <Avatar name={here.name} shape="square" size={28} color="brand" aria-hidden />;

  if (tenants.length < 2) {
    return (
      <div className={styles.here}>
        {sign}
        <Text weight="semibold" className={styles.name}>
          {here.name}
        </Text>
      </div>
    );
  }
  return (
    <Menu inline>
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="subtle" className={styles.here} icon={sign}>
          <span className={styles.name}>{here.name}</span>
          <ChevronUpDown20Regular />
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {tenants.map(({ id, name }) => {
            const { href } = router.buildLocation({ to: "/t/$tenant", params: { tenant: id } });
            return (
              <MenuItemLink key={id} href={href} aria-current={id === here.id || undefined}>
                {name}
              </MenuItemLink>
            );
          })}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
