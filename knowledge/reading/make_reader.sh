#!/bin/sh
# Makes the adapter `reader`: three runs, each on new rows from where the last one ended.
# About three hours on two cores. Run it where `playground` is found:
#
#     sh knowledge/reading/make_reader.sh
set -e
rows=$(mktemp -d)
trap 'rm -rf "$rows"' EXIT

# run NAME SEED MAX_LENGTH LEARNING_RATE [MORE FLAGS]
run() {
  name=$1 seed=$2 max_length=$3 learning_rate=$4
  shift 4
  playground generate reader --seed "$seed" --out "$rows/$name.jsonl"
  playground finetune "$rows/$name.jsonl" --model smollm2-135m-instruct --name "$name" \
    --epochs 1 --r 16 --lora-alpha 32 --learning-rate "$learning_rate" \
    --max-length "$max_length" --validation-share 0 --overwrite "$@"
}

run reader-1 0 1280 6e-4
run reader-2 1 900 4e-4 --start-from reader-1
run reader 2 800 4e-4 --start-from reader-2
