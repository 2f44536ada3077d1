#!/usr/bin/env bash
# InternVL in the layout of transformers says "crop_to_patches": false in preprocessor_config.json, as
# the library writes it. Its image processor keeps to it: one tile. Its processor, which is that image
# processor and the tokenizer in one, has a default of its own that wins: the same picture becomes tiles
# and a thumbnail. So whoever joins image processor and tokenizer by hand (the processor needs
# torchvision, for videos) shows the model another picture, in fewer tokens, and nothing warns: both
# are valid inputs.
#
# Seen with transformers 5.23.0, torch 2.14.1, torchvision 0.29.1, of a picture of 96 x 32 pixels:
#   image processor: 1 tile, crop_to_patches False
#   processor:       4 tiles, 16 image tokens
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check transformers==5.23.0 torch==2.14.1 \
    torchvision==0.29.1 pillow
cat > "$folder/run.py" <<'PY'
import json, sys, warnings
from pathlib import Path

warnings.simplefilter("ignore")
import numpy as np
from PIL import Image
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import (
    AutoImageProcessor, InternVLProcessor, InternVLVideoProcessor, PreTrainedTokenizerFast,
)

folder = Path(sys.argv[1])
stated = {
    "image_processor_type": "GotOcr2ImageProcessor", "crop_to_patches": False, "min_patches": 1,
    "max_patches": 12, "size": {"height": 32, "width": 32}, "do_resize": True,
}
(folder / "preprocessor_config.json").write_text(json.dumps(stated))
images = AutoImageProcessor.from_pretrained(folder, backend="pil")

names = {
    "start_image_token": "<img>", "end_image_token": "</img>",
    "context_image_token": "<IMG_CONTEXT>", "video_token": "<video>",
}
words = {word: number for number, word in enumerate(["<unk>", *names.values(), "hello"])}
plain = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
plain.pre_tokenizer = pre_tokenizers.Whitespace()
tokenizer = PreTrainedTokenizerFast(
    tokenizer_object=plain, unk_token="<unk>", pad_token="<unk>", extra_special_tokens=names
)
processor = InternVLProcessor(images, tokenizer, InternVLVideoProcessor(), image_seq_length=4)

picture = Image.fromarray(np.zeros((32, 96, 3), np.uint8))
alone = images(picture, return_tensors="pt").pixel_values
joined = processor(images=[picture], text=["<IMG_CONTEXT> hello"], return_tensors="pt")
tokens = int((joined.input_ids == words["<IMG_CONTEXT>"]).sum())
print(f"image processor: {len(alone)} tile, crop_to_patches {images.crop_to_patches}")
print(f"processor:       {len(joined.pixel_values)} tiles, {tokens} image tokens")
sys.exit((len(alone), len(joined.pixel_values), tokens) != (1, 4, 16))
PY
"$folder/venv/bin/python" "$folder/run.py" "$folder"
