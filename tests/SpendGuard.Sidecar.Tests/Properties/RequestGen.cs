using CsCheck;
using static SpendGuard.Sidecar.Tests.Properties.JsonGen;

namespace SpendGuard.Sidecar.Tests.Properties;

/// <summary>Requests that the sidecar takes, with every field and part that may move what they cost.</summary>
internal static class RequestGen
{
    private static readonly Gen<string> Text = JsonGen.Text(TextGen.Any);
    private static readonly Gen<string> SomeText = JsonGen.Text(TextGen.Any.Select(text => "a" + text));
    private static readonly Gen<string> Cap = Gen.Int[1, 3_000].Select(cap => cap.ToString());
    private static readonly Gen<string> Id = Gen.Int[0, 99_999].Select(id => $"\"call_{id}\"");
    private static readonly Gen<string> Arguments = JsonGen.Text(Object(Maybe("city", Text), Maybe("days", Cap)));

    private static readonly Gen<string> ImageUrl = AnyOf("\"https://example.com/large.png\"", $"\"data:image/png;base64,{Png}\"");
    private static readonly Gen<string> Detail = AnyOf("\"low\"", "\"high\"", "\"auto\"");

    public static Gen<string> Chat(params string[] models) => Object(
        Model(models),
        Field("messages", List(Gen.OneOf(ChatUser, ChatUser, ChatSystem, ChatAssistant, ChatTool), 1, 8)),
        Gen.OneOf(Nothing, Field("max_completion_tokens", Cap), Field("max_completion_tokens", Cap), Field("max_tokens", Cap)),
        Maybe("n", AnyOf("1", "2", "4")),
        Maybe("stream", Bool),
        Maybe("tools", List(Gen.OneOf(ChatFunction, Object(Type("custom"), Field("custom", Object(Field("name", Name), Maybe("description", Text))))), 0, 3)),
        Maybe("functions", List(Object(Field("name", Name), Maybe("description", Text), Field("parameters", Schema)), 0, 2)),
        Maybe("tool_choice", AnyOf("\"auto\"", "\"none\"", """{"type":"function","function":{"name":"weather"}}""")),
        Maybe("response_format", Gen.OneOf(Gen.Const("""{"type":"json_object"}"""), Object(
            Field("type", Gen.Const("\"json_schema\"")), Field("json_schema", Object(Field("name", Name), Field("schema", Schema)))))),
        Maybe("reasoning_effort", AnyOf("\"low\"", "\"high\"")),
        Maybe("temperature", AnyOf("0", "0.7", "1")),
        Maybe("stop", AnyOf("\"x\"", "[\"x\",\"y\"]")));

    public static Gen<string> Responses(params string[] models) => Object(
        Model(models),
        Field("input", Gen.OneOf(Text, List(Gen.OneOf(ResponseMessage, ResponseMessage, ResponseCall, ResponseResult, ResponseReasoning, ResponseTools), 1, 8))),
        Maybe("instructions", Text),
        Maybe("client_metadata", Object(Maybe("thread_id", Text), Maybe("turn", Text))),
        Gen.OneOf(Nothing, Field("max_output_tokens", Gen.Int[16, 3_000].Select(cap => cap.ToString()))),
        Maybe("stream", Bool),
        Maybe("tools", List(CallersTool, 0, 3)),
        Maybe("text", Object(Field("format", Object(Field("type", Gen.Const("\"json_schema\"")), Field("name", Name), Field("schema", Schema))))),
        Maybe("reasoning", Gen.Const("""{"effort":"low"}""")),
        Maybe("truncation", AnyOf("\"auto\"", "\"disabled\"")));

    public static Gen<string> Images(params string[] models) => Object(
        Model(models),
        Field("prompt", SomeText),
        Maybe("n", AnyOf("1", "2", "10")),
        Maybe("size", AnyOf("\"1024x1024\"", "\"auto\"", "\"1536x1024\"")),
        Maybe("quality", Gen.Const("\"standard\"")),
        Maybe("output_format", Gen.Const("\"png\"")));

    public static Gen<string> GeminiEmbeddings(string model, bool isBatch)
    {
        var one = Object(
            isBatch ? Field("model", Gen.Const($"\"models/{model}\"")) : Maybe("model", AnyOf($"\"{model}\"", $"\"models/{model}\"")),
            Field("content", Object(Maybe("role", Gen.Const("\"user\"")), Field("parts", List(Object(Field("text", Text)), 1, 4)))),
            Maybe("title", Text),
            Maybe("taskType", Gen.Const("\"RETRIEVAL_DOCUMENT\"")),
            Maybe("outputDimensionality", Gen.Const("8")),
            Maybe("embed_content_config", Object(Maybe("title", Text), Maybe("autoTruncate", Bool))));
        return isBatch ? Object(Field("requests", List(one, 1, 6))) : one;
    }

    /// <summary>The same with searches that the provider runs, limited or not.</summary>
    public static Gen<string> ResponsesThatSearch(params string[] models) => Gen.Select(
        Object(
            Model(models),
            Field("input", Gen.OneOf(Text, List(Gen.OneOf(ResponseMessage, ResponseTools), 1, 4))),
            Gen.OneOf(Nothing, Field("max_output_tokens", Gen.Int[16, 3_000].Select(cap => cap.ToString()))),
            Maybe("stream", Bool),
            Maybe("tool_choice", AnyOf("\"auto\"", """{"type":"web_search"}"""))),
        List(CallersTool, 0, 2),
        Object(Type("web_search"), Maybe("external_web_access", Bool), Maybe("search_content_types", Gen.Const("""["text","image"]"""))),
        Maybe("max_tool_calls", AnyOf("1", "2", "7")),
        (body, tools, search, limit) =>
            $"{body[..^1]},\"tools\":{(tools == "[]" ? $"[{search}]" : $"{tools[..^1]},{search}]")}{(limit.Length > 0 ? "," + limit : "")}}}");

    /// <summary>Messages with searches that the provider runs, limited or not.</summary>
    public static Gen<string> AnthropicThatSearches(params string[] models) => Object(
        Model(models),
        Field("messages", List(Claude("user", ClaudeText, ClaudeDocument), 1, 4)),
        Field("max_tokens", Cap),
        Maybe("stream", Bool),
        Field("tools", List(
            Gen.OneOf(
                Object(Field("name", Name), Field("input_schema", Schema), CacheMark),
                Object(Type("web_search_20250305"), Field("name", Gen.Const("\"web_search\"")), Maybe("max_uses", AnyOf("1", "3"))),
                Object(Type("web_search_20260209"), Field("name", Gen.Const("\"other_search\"")), Field("allowed_callers", Gen.Const("""["direct"]""")))),
            1,
            3)));

    public static Gen<string> Embeddings(params string[] models) => Object(
        Model(models),
        Field("input", Gen.OneOf(SomeText, List(SomeText, 1, 20), List(Cap, 1, 50), List(List(Cap, 1, 20), 1, 5))),
        Maybe("dimensions", AnyOf("1", "256")),
        Maybe("encoding_format", AnyOf("\"float\"", "\"base64\"")));

    public static Gen<string> Anthropic(params string[] models) => Object(
        Model(models),
        Field("messages", List(Gen.OneOf(Claude("user", ClaudeText, ClaudeImage, ClaudeResult, ClaudeDocument), Claude("assistant", ClaudeText, ClaudeThinking, ClaudeToolUse)), 1, 8)),
        Maybe("system", Gen.OneOf(Text, List(ClaudeText, 1, 3))),
        Field("max_tokens", Cap),
        Maybe("stream", Bool),
        Maybe("tools", List(
            Gen.OneOf(
                Object(Field("name", Name), Maybe("description", Text), Field("input_schema", Schema), Maybe("defer_loading", Bool), CacheMark),
                Gen.Const("""{"type":"bash_20250124","name":"bash"}""")),
            0,
            3)),
        Maybe("tool_choice", Gen.Const("""{"type":"auto"}""")),
        Maybe("context_management", Object(Field("edits", List(Gen.OneOf(
            Object(Type("clear_thinking_20251015"), Maybe("keep", Gen.Const("\"all\""))),
            Object(
                Type("clear_tool_uses_20250919"),
                Maybe("trigger", Gen.Const("""{"type":"input_tokens","value":1}""")),
                Maybe("keep", Gen.Const("""{"type":"tool_uses","value":0}""")),
                Maybe("clear_tool_inputs", Bool))), 0, 2)))),
        Maybe("metadata", Object(Field("user_id", Text))),
        CacheMark,
        Maybe("service_tier", AnyOf("\"auto\"", "\"standard_only\"")));

    public static Gen<string> Gemini() => Object(
        Field("contents", List(Object(
            Maybe("role", AnyOf("\"user\"", "\"model\"")),
            Field("parts", List(Gen.OneOf(GeminiText, GeminiText, GeminiImage, GeminiCall, GeminiResult), 1, 4))), 1, 6)),
        Maybe("systemInstruction", Object(Field("parts", List(GeminiText, 1, 2)))),
        Maybe("tools", List(Object(Field("functionDeclarations", List(
            Object(Field("name", Name), Maybe("description", Text), Maybe("parameters", Schema)), 0, 3))), 0, 2)),
        Maybe("generationConfig", Object(
            Maybe("maxOutputTokens", Cap),
            Maybe("candidateCount", AnyOf("1", "2", "5")),
            Gen.OneOf(Nothing, Field("responseSchema", Schema), Field("responseJsonSchema", Schema)),
            Maybe("thinkingConfig", Gen.Const("""{"thinkingBudget":128}""")))),
        Maybe("serviceTier", AnyOf("\"standard\"", "\"priority\"", "\"flex\"")));

    /// <summary>A conversation in words, such as most calls are, at a model whose tokenizer is published.</summary>
    public static Gen<string> ChatInWords(params string[] models) => Object(
        Model(models),
        Field("messages", List(Object(Field("role", AnyOf("\"user\"", "\"assistant\"")), Field("content", JsonGen.Text(TextGen.Prose))), 1, 8)),
        Gen.OneOf(Nothing, Field("max_completion_tokens", Gen.Int[500, 8_000].Select(cap => cap.ToString()))));

    public static Gen<string> ResponsesInWords(params string[] models) => Object(
        Model(models),
        Field("input", List(Object(Field("role", AnyOf("\"user\"", "\"assistant\"")), Field("content", JsonGen.Text(TextGen.Prose))), 1, 8)),
        Maybe("instructions", JsonGen.Text(TextGen.Prose)),
        Gen.OneOf(Nothing, Field("max_output_tokens", Gen.Int[500, 8_000].Select(cap => cap.ToString()))));

    public static Gen<string> EmbeddingsInWords(params string[] models) =>
        Object(Model(models), Field("input", List(JsonGen.Text(TextGen.Prose), 1, 8)));

    /// <summary>The tiers that OpenAI's models have a price for.</summary>
    public static Gen<string> AtAnyTier(this Gen<string> body) =>
        Gen.Select(body, Maybe("service_tier", AnyOf("\"auto\"", "\"default\"", "\"priority\"", "\"flex\"")), (json, tier) => tier.Length > 0 ? $"{json[..^1]},{tier}}}" : json);

    private static Gen<string> ChatUser { get; } = Object(
        Role("user"),
        Field("content", Gen.OneOf(Text, List(
            Gen.OneOf(
                Object(Type("text"), Field("text", Text)),
                Object(Type("image_url"), Field("image_url", Object(Field("url", ImageUrl), Maybe("detail", Detail))))),
            1,
            3))),
        Maybe("name", Name));

    private static Gen<string> ChatSystem { get; } = Object(Field("role", AnyOf("\"system\"", "\"developer\"")), Field("content", Text));

    private static Gen<string> ChatAssistant { get; } = Object(
        Role("assistant"),
        Maybe("content", Text),
        Maybe("refusal", Text),
        Maybe("function_call", Object(Field("name", Name), Field("arguments", Arguments))),
        Maybe("tool_calls", List(
            Object(Field("id", Id), Type("function"), Field("function", Object(Field("name", Name), Field("arguments", Arguments)))), 1, 3)));

    private static Gen<string> ChatTool { get; } = Object(Role("tool"), Field("tool_call_id", Id), Field("content", Text));

    private static Gen<string> ChatFunction { get; } = Object(
        Type("function"), Field("function", Object(Field("name", Name), Maybe("description", Text), Maybe("parameters", Schema), Maybe("strict", Bool))));

    private static Gen<string> ResponseMessage { get; } = Object(
        Maybe("type", Gen.Const("\"message\"")),
        Field("role", AnyOf("\"user\"", "\"system\"", "\"developer\"")),
        Field("content", Gen.OneOf(Text, List(
            Gen.OneOf(
                Object(Type("input_text"), Field("text", Text)),
                Object(Type("input_image"), Field("image_url", ImageUrl), Maybe("detail", Detail))),
            1,
            3))));

    private static Gen<string> ResponseCall { get; } = Gen.OneOf(
        Object(Type("function_call"), Field("call_id", Id), Field("name", Name), Field("arguments", Arguments)),
        Object(Type("custom_tool_call"), Field("call_id", Id), Field("name", Name), Field("input", Text)));

    private static Gen<string> ResponseResult { get; } =
        Object(Field("type", AnyOf("\"function_call_output\"", "\"custom_tool_call_output\"")), Field("call_id", Id), Field("output", Text));

    /// <summary>A tool that the caller runs, in whatever it is wrapped.</summary>
    private static Gen<string> CallersTool { get; } = Gen.OneOf(
        FunctionTool,
        CustomTool,
        Object(Type("namespace"), Field("name", Name), Maybe("description", Text), Field("tools", List(Gen.OneOf(FunctionTool, CustomTool), 0, 3))),
        Object(Type("tool_search"), Field("execution", Gen.Const("\"client\"")), Maybe("description", Text), Maybe("parameters", Schema)));

    private static Gen<string> FunctionTool => Object(Type("function"), Field("name", Name), Maybe("description", Text), Field("parameters", Schema));

    private static Gen<string> CustomTool => Object(
        Type("custom"), Field("name", Name), Maybe("description", Text), Maybe("format", Object(Type("grammar"), Field("syntax", Gen.Const("\"lark\"")), Field("definition", Text))));

    private static Gen<string> ResponseTools { get; } = Gen.OneOf(
        Object(Type("additional_tools"), Role("developer"), Field("tools", List(CallersTool, 0, 3))),
        Object(Type("tool_search_call"), Field("execution", Gen.Const("\"client\"")), Field("call_id", Id), Field("arguments", Object(Maybe("query", Text)))),
        Object(Type("tool_search_output"), Field("execution", Gen.Const("\"client\"")), Field("call_id", Id), Field("tools", List(CallersTool, 0, 2))));

    private static Gen<string> ResponseReasoning { get; } = Object(
        Type("reasoning"),
        Field("summary", List(Object(Type("summary_text"), Field("text", Text)), 0, 2)),
        Field("encrypted_content", Gen.Byte.Array[0, 90].Select(bytes => $"\"{Convert.ToBase64String(bytes)}\"")));

    private static Gen<string> CacheMark { get; } = Maybe(
        "cache_control", AnyOf("""{"type":"ephemeral"}""", """{"type":"ephemeral","ttl":"5m"}""", """{"type":"ephemeral","ttl":"1h"}"""));

    private static Gen<string> ClaudeText { get; } = Object(Type("text"), Field("text", Text), CacheMark);

    private static Gen<string> ClaudeImage { get; } = Object(Type("image"), Field("source", AnyOf(
        $$"""{"type":"base64","media_type":"image/png","data":"{{Png}}"}""", """{"type":"url","url":"https://example.com/large.png"}""")));

    private static Gen<string> ClaudeDocument { get; } = Object(
        Type("document"),
        Maybe("title", Text),
        Maybe("context", Text),
        Field("source", Object(Type("text"), Field("media_type", Gen.Const("\"text/plain\"")), Field("data", Text))));

    private static Gen<string> ClaudeThinking { get; } = Object(
        Type("thinking"), Field("thinking", Text), Field("signature", Gen.Byte.Array[0, 90].Select(bytes => $"\"{Convert.ToBase64String(bytes)}\"")));

    private static Gen<string> ClaudeToolUse { get; } =
        Object(Type("tool_use"), Field("id", Id), Field("name", Name), Field("input", Object(Maybe("city", Text))), CacheMark);

    private static Gen<string> ClaudeResult { get; } = Object(
        Type("tool_result"), Field("tool_use_id", Id), Field("content", Gen.OneOf(Text, List(Gen.OneOf(ClaudeText, ClaudeImage), 1, 2))), Maybe("is_error", Bool));

    private static Gen<string> GeminiText { get; } = Object(
        Field("text", Text), Maybe("thoughtSignature", Gen.Byte.Array[0, 90].Select(bytes => $"\"{Convert.ToBase64String(bytes)}\"")));

    private static Gen<string> GeminiImage { get; } = Gen.Const($$"""{"inlineData":{"mimeType":"image/png","data":"{{Png}}"} }""");

    private static Gen<string> GeminiCall { get; } = Object(Field("functionCall", Object(Field("name", Name), Field("args", Object(Maybe("city", Text))))));

    private static Gen<string> GeminiResult { get; } =
        Object(Field("functionResponse", Object(Field("name", Name), Field("response", Object(Maybe("result", Text))))));

    private static Gen<string> Claude(string role, params Gen<string>[] blocks) =>
        Object(Role(role), Field("content", Gen.OneOf(Text, List(Gen.OneOf(blocks), 1, 4))));

    private static Gen<string> Model(string[] models) => Field("model", AnyOf([.. models.Select(model => $"\"{model}\"")]));

    private static Gen<string> Role(string role) => Field("role", Gen.Const($"\"{role}\""));

    private static Gen<string> Type(string type) => Field("type", Gen.Const($"\"{type}\""));
}
