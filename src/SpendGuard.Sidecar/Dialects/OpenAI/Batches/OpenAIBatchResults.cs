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
    public static BatchEnd? EndOf(JsonElement batch)
    {
        if (batch.Find("status")?.TextOrNull() is not ("completed" or "expired" or "cancelled" or "failed")
            || batch.Find("request_counts")?.CountOrNull("completed") is not ({ } succeeded and >= 0 and <= OpenAIBatches.MostRequests))
        {
            return null;
        }

        var usage = batch.Find("usage") is { ValueKind: JsonValueKind.Object } told ? told : default(JsonElement?);
        var (input, output, total) = (CountedIn(usage, "input_tokens"), CountedIn(usage, "output_tokens"), CountedIn(usage, "total_tokens"));
        return new BatchEnd((int)succeeded)
        {
            IsEmpty = succeeded == 0 && batch.Find(OpenAIBatchFormat.OutputFile) is null,
            Counted = new Usage { Input = input ?? 0, Output = output ?? 0 },

            // What is counted as neither is not known, and not nothing.
            IsGarbled = input is null || output is null || total is null || total > (Int128)input + output,
        };
    }

    /// <summary>Reads the results of a batch, which are answers as those of its calls are.</summary>
    public static Func<JsonElement, (string Request, ProviderReport Report)?> ReaderOf(JsonElement batch)
    {
        var ofEmbeddings = batch.Find(OpenAIBatchFormat.Endpoint)?.TextOrNull()?.EndsWith("/embeddings", StringComparison.Ordinal) == true;
        return line => Read(line, ofEmbeddings);
    }

    /// <remarks>Only answers are billed: not what was refused, or not begun in time. What has a usage is an answer, whatever else it says.</remarks>
    private static (string Request, ProviderReport Report)? Read(JsonElement line, bool ofEmbeddings)
    {
        if (line.Find(BatchReading.Id)?.TextOrNull() is not { } request)
        {
            return null;
        }

        var answer = line.Find("response");
        if (answer?.Find("body")?.Find("usage") is null && (line.Find("error") is not null || answer?.CountOrNull("status_code") >= StatusCodes.Status400BadRequest))
        {
            return (request, ProviderReport.NotBilled);
        }

        if (answer?.Find("body") is not { ValueKind: JsonValueKind.Object } body)
        {
            return null;
        }

        AnswerReader reader = ofEmbeddings ? new OpenAIEmbeddingsReader() : new OpenAIChatReader(Vendor.Of(OpenAIWing.Vendor));
        var report = reader.ReadAnswer(body);
        return report.ServiceTier is null or "auto" or "default" or ServiceTier.Batch ? (request, report with { ServiceTier = ServiceTier.Batch }) : null;
    }

    /// <summary>What batches that are not old tell of all of their requests: 0 of what is not told, null of what is no count.</summary>
    private static long? CountedIn(JsonElement? usage, string name) =>
        usage?.Find(name) is null ? 0 : usage.Value.CountOrNull(name) is { } count and >= 0 ? count : null;
}
