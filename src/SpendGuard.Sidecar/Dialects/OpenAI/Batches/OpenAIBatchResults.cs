using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Pricing;
using SpendGuard.Providers;
using SpendGuard.Providers.OpenAI;
using SpendGuard.Sidecar.Calls.Batches;

namespace SpendGuard.Sidecar.Dialects.OpenAI.Batches;

/// <summary>What OpenAI tells of a batch that has ended.</summary>
internal static class OpenAIBatchResults
{
    /// <summary>
    /// What the id of a batch ends in here, for the file of what has succeeded: so that it is found by the batch, which has an owner, and a file
    /// at the provider has none.
    /// </summary>
    public const string Output = "-output";

    /// <summary>The same for the file of what has not.</summary>
    public const string Errors = "-errors";

    /// <summary>What it has come to; null while the provider works on it.</summary>
    public static BatchEnd? EndOf(JsonElement batch) =>
        batch.Find("status")?.TextOrNull() is "completed" or "expired" or "cancelled" or "failed"
        && batch.Find("request_counts")?.CountOrNull("completed") is { } succeeded and >= 0 and <= OpenAIBatches.MostRequests
            ? new BatchEnd((int)succeeded, CountedOf(batch)) { HasResults = succeeded > 0 || batch.Find(OpenAIBatchFormat.OutputFile) is not null }
            : null;

    /// <summary>Reads the results of a batch, which are answers as those of its calls are.</summary>
    public static Func<JsonElement, (string Request, ProviderReport Report)?> ReaderOf(JsonElement batch)
    {
        var ofEmbeddings = batch.Find(OpenAIBatchFormat.Endpoint)?.TextOrNull()?.EndsWith("/embeddings", StringComparison.Ordinal) == true;
        return line => Read(line, ofEmbeddings);
    }

    /// <remarks>Only answers are billed: not what was refused, or not begun in time.</remarks>
    private static (string Request, ProviderReport Report)? Read(JsonElement line, bool ofEmbeddings)
    {
        if (line.Find(BatchReading.Id)?.TextOrNull() is not { } request)
        {
            return null;
        }

        if (line.Find("response") is not { } response || response.CountOrNull("status_code") is not StatusCodes.Status200OK)
        {
            return (request, ProviderReport.NotBilled);
        }

        if (response.Find("body") is not { ValueKind: JsonValueKind.Object } body)
        {
            return null;
        }

        AnswerReader reader = ofEmbeddings ? new OpenAIEmbeddingsReader() : new OpenAIChatReader(Vendor.Of(OpenAIWing.Vendor));
        var report = reader.ReadAnswer(body);
        return report.ServiceTier is null or "auto" or "default" or ServiceTier.Batch ? (request, report with { ServiceTier = ServiceTier.Batch }) : null;
    }

    /// <summary>Batches that are not old tell what was counted for all of their requests.</summary>
    private static Usage? CountedOf(JsonElement batch) =>
        batch.Find("usage") is { ValueKind: JsonValueKind.Object } usage
            ? new Usage { Input = Math.Max(0, usage.CountOrNull("input_tokens") ?? 0), Output = Math.Max(0, usage.CountOrNull("output_tokens") ?? 0) }
            : null;
}
