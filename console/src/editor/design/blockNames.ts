/**
 * What the blocks are called, and their icons.
 */
import {
  BoxRegular,
  RectanglePortraitRegular,
  BranchForkRegular,
  ButtonRegular,
  CodeRegular,
  LayoutColumnTwoRegular,
  ImageRegular,
  LineHorizontal1Regular,
  MegaphoneRegular,
  PersonCircleRegular,
  QrCodeRegular,
  ShareRegular,
  ShieldTaskRegular,
  SpacebarRegular,
  StarRegular,
  TextTRegular,
  type FluentIcon,
} from "@fluentui/react-icons";
import type { ItemType } from "./puckData";

interface BlockName {
  /** English; it goes through `t`. */
  name: string;
  /** What it is for. */
  about: string;
  icon: FluentIcon;
}

export const BLOCK_NAMES: Record<ItemType, BlockName> = {
  text: { name: "Text", about: "Lines with the person’s details", icon: TextTRegular },
  button: { name: "Button", about: "A link that is seen", icon: ButtonRegular },
  social: { name: "Social icons", about: "Links to networks", icon: ShareRegular },
  qr: { name: "QR code", about: "The person’s card to scan", icon: QrCodeRegular },
  disclaimer: { name: "Disclaimer", about: "Small print", icon: ShieldTaskRegular },
  html: { name: "HTML", about: "What you have already", icon: CodeRegular },
  logo: { name: "Logo", about: "The organisation’s", icon: StarRegular },
  photo: { name: "Photo", about: "The person’s, or initials", icon: PersonCircleRegular },
  banner: { name: "Banner", about: "A picture that leads somewhere", icon: MegaphoneRegular },
  image: { name: "Picture", about: "Any other", icon: ImageRegular },
  columns: { name: "Columns", about: "Blocks side by side", icon: LayoutColumnTwoRegular },
  column: { name: "Column", about: "One of them", icon: RectanglePortraitRegular },
  rows: { name: "Frame", about: "Blocks on a background", icon: BoxRegular },
  divider: { name: "Line", about: "Between blocks", icon: LineHorizontal1Regular },
  spacer: { name: "Space", about: "Between blocks", icon: SpacebarRegular },
  if: { name: "Condition", about: "Only for some people", icon: BranchForkRegular },
};

export function blockName(type: string): BlockName {
  return BLOCK_NAMES[type as ItemType];
}
