/**
 * How the rest of the editor asks Puck, and tells it what to do.
 */
import { createUsePuck, useGetPuck, type Config, type PuckApi } from "@puckeditor/core";
import { useCallback, useMemo } from "react";
import { newId, type Item, type PuckData } from "../design/puckData";
import { movesOf, placeForNew, type Moves, type Target } from "./moves";

type State = PuckApi<Config>;

/** Something of Puck's state; the component is drawn again when it changes. */
export const useCanvas = createUsePuck<Config>();

/** The data as they are now. */
export function dataOf(state: State): PuckData {
  return state.appState.data as unknown as PuckData;
}

/** The item that is chosen. */
export function useChosen(): Item | null {
  return useCanvas((state) => state.selectedItem as unknown as Item | null);
}

export type Keys = Record<string, unknown>;

/** What can be done to the items of the canvas. Each is one step of undo. */
export function useCanvasActions() {
  const ask = useGetPuck();

  const choose = useCallback(
    (id: string | null) => {
      const { getSelectorForId, dispatch } = ask();
      dispatch({ type: "setUi", ui: { itemSelector: id === null ? null : (getSelectorForId(id) ?? null) } });
    },
    [ask],
  );

  /** Changes keys of an item; `undefined` takes one away. `null` is the design as a whole. */
  const change = useCallback(
    (id: string | null, keys: Keys) => {
      const { getSelectorForId, getItemById, appState, dispatch } = ask();
      if (id === null) {
        const { props } = appState.data.root;
        return dispatch({ type: "replaceRoot", root: { props: { ...props, ...keys } } });
      }
      const selector = getSelectorForId(id);
      const item = selector && getItemById(id);
      if (!item) return;
      dispatch({
        type: "replace",
        destinationIndex: selector.index,
        destinationZone: selector.zone,
        data: { ...item, props: { ...item.props, ...keys } },
      });
    },
    [ask],
  );

  const move = useCallback(
    (id: string, to: Target) => {
      const { getSelectorForId, dispatch } = ask();
      const from = getSelectorForId(id);
      if (!from) return;
      dispatch({
        type: "move",
        sourceIndex: from.index,
        sourceZone: from.zone,
        destinationIndex: to.index,
        destinationZone: to.zone,
      });
      dispatch({ type: "setUi", ui: { itemSelector: to } });
    },
    [ask],
  );

  const remove = useCallback(
    (id: string) => {
      const { getSelectorForId, dispatch } = ask();
      const from = getSelectorForId(id);
      if (!from) return;
      dispatch({ type: "remove", ...from });
      dispatch({ type: "setUi", ui: { itemSelector: null } });
    },
    [ask],
  );

  const duplicate = useCallback(
    (id: string) => {
      const { getSelectorForId, dispatch } = ask();
      const from = getSelectorForId(id);
      if (from) dispatch({ type: "duplicate", sourceIndex: from.index, sourceZone: from.zone });
    },
    [ask],
  );

  /** Puts a new item where it fits what is chosen, or at a place, and chooses it. */
  const insert = useCallback(
    (type: string, at?: Target) => {
      const state = ask();
      const chosen = (state.selectedItem as Item | null)?.props.id ?? null;
      const { zone, index } = at ?? placeForNew(dataOf(state), chosen);
      const id = newId(type);
      state.dispatch({ type: "insert", componentType: type, destinationIndex: index, destinationZone: zone, id });
      choose(id);
      return id;
    },
    [ask, choose],
  );

  return { choose, change, move, remove, duplicate, insert };
}

/**
 * The keys that an item has by itself. Puck draws items with whatever a new one has at first, where they lack a key; in a
 * design such a key has a meaning by not being there.
 */
export function useOwnKeys(id: string): Keys | undefined {
  return useCanvas((state) => (state.getSelectorForId(id) ? state.getItemById(id)?.props : undefined));
}

/** Where an item may go without a mouse. */
export function useMoves(id: string | undefined): Moves | null {
  const data = useCanvas(dataOf);
  return useMemo(() => (id === undefined ? null : movesOf(data, id)), [data, id]);
}
