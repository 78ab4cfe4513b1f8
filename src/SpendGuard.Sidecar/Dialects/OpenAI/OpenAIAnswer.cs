using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Providers.OpenAI;

namespace SpendGuard.Sidecar.Dialects.OpenAI;

/// <summary>Reads what an answer of OpenAI's wire formats, or an event of one, says of its cost.</summary>
internal static class OpenAIAnswer
{
    /// <param name="provider">Who bills for it: xAI counts reasoning beside the output.</param>
    /// <param name="answer">The answer or the event.</param>
    public static ProviderReport Report(string provider, JsonElement answer)
    {
        var usage = answer.Find("usage");
        return Said(answer) with
        {
            Usage = usage is null ? null : OpenAIUsage.ReadAnswer(answer, reasoningBeside: provider is "grok"),
            StatedCost = usage is { } charged && provider is "grok" ? OpenAIUsage.StatedCost(charged) : null,
        };
    }

    public static ProviderReport ReportEmbeddings(JsonElement answer) =>
        Said(answer) with { Usage = answer.Find("usage") is { } counted ? OpenAIUsage.ReadEmbeddings(counted) : null };

    private static ProviderReport Said(JsonElement answer) => new() { Model = Text(answer, "model"), ServiceTier = Text(answer, "service_tier") };

    private static string? Text(JsonElement parent, string name) => parent.Find(name)?.TextOrNull();
}
