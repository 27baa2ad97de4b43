import * as add from "./add.ts";
import * as metadata from "./build-metadata.ts";
import type { EditCommand } from "./edit.ts";
import { fix } from "./fix.ts";
import * as generator from "./generator.ts";
import { addPatch, removePatch } from "./patch.ts";
import * as remove from "./remove.ts";
import * as set from "./set.ts";
import { setImage } from "./set-image.ts";

/** Every edit by the words that name it. */
export const EDIT_COMMANDS: ReadonlyMap<string, EditCommand> = new Map([
  ["set image", setImage],
  ["set replicas", set.setReplicas],
  ["set namespace", set.setNamespace],
  ["set nameprefix", set.setNamePrefix],
  ["set namesuffix", set.setNameSuffix],
  ["set label", set.setLabel],
  ["set annotation", set.setAnnotation],
  ["set configmap", generator.setConfigMap],
  ["set secret", generator.setSecret],
  ["set buildmetadata", metadata.setBuildMetadata],
  ["add resource", add.addResource],
  ["add component", add.addComponent],
  ["add base", add.addBase],
  ["add patch", addPatch],
  ["add configmap", generator.addConfigMap],
  ["add secret", generator.addSecret],
  ["add label", add.addLabel],
  ["add annotation", add.addAnnotation],
  ["add generator", add.addGenerator],
  ["add transformer", add.addTransformer],
  ["add buildmetadata", metadata.addBuildMetadata],
  ["remove resource", remove.removeResource],
  ["remove base", remove.removeResource],
  ["remove component", remove.removeComponent],
  ["remove patch", removePatch],
  ["remove configmap", generator.removeConfigMap],
  ["remove secret", generator.removeSecret],
  ["remove label", remove.removeLabel],
  ["remove annotation", remove.removeAnnotation],
  ["remove generator", remove.removeGenerator],
  ["remove transformer", remove.removeTransformer],
  ["remove buildmetadata", metadata.removeBuildMetadata],
  ["fix", fix],
]);
