using SpendGuard.Billing;
using SpendGuard.Pricing;
using SpendGuard.Providers;

namespace SpendGuard.Telemetry;

/// <summary>The names that OpenTelemetry's conventions for generative AI have for attributes and their values.</summary>
internal static class GenAINames
{
    public const string Operation = "gen_ai.operation.name";
    public const string Provider = "gen_ai.provider.name";
    public const string RequestModel = "gen_ai.request.model";
    public const string MaxTokens = "gen_ai.request.max_tokens";
    public const string Choices = "gen_ai.request.choice.count";
    public const string ResponseModel = "gen_ai.response.model";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string CacheReadTokens = "gen_ai.usage.cache_read.input_tokens";
    public const string CacheWriteTokens = "gen_ai.usage.cache_creation.input_tokens";
    public const string Tool = "gen_ai.tool.name";
    public const string Agent = "gen_ai.agent.id";
    public const string ErrorType = "error.type";

    public static string ProviderOf(ModelKey model) => Vendor.Of(model.Provider).TelemetryName ?? model.Provider;

    public static string OperationOf(ModelCall call) => call.Shape switch
    {
        { SeparateInputs: true } or { OutputTokens: 0, FeeUnits.IsEmpty: true } => "embeddings",

        // An image or speech, which is paid by the piece.
        { OutputTokens: 0 } => "generate_content",
        _ => Vendor.Of(call.Model.Provider).ChatOperation,
    };

    public static long InputOf(Usage usage) =>
        usage.Input + usage.CachedInput + usage.CacheWrite + usage.LongCacheWrite + usage.AudioInput;

    public static long OutputOf(Usage usage) => usage.Output + usage.ReasoningOutput + usage.AudioOutput;
}
