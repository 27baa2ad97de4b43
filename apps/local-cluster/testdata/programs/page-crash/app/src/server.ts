console.error('Cannot start: MODEL_DIR "/nowhere" has no card.json');
process.exit(1);
