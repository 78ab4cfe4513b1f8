namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>What Gemini's API offers beside what is metered here.</summary>
internal static class GeminiUnmetered
{
    public static IReadOnlyList<UnmeteredService> Services { get; } =
    [
        new(":batchGenerateContent", "Batches are not metered: what one cost is known a day later, and no hold is kept for so long. Make its calls one by one."),
        new(":asyncBatchEmbedContent", "Batches are not metered: what one cost is known a day later, and no hold is kept for so long. Make its calls one by one."),
        new("batches", "Batches are not metered: what one cost is known a day later, and no hold is kept for so long. Make its calls one by one."),
        new("files", "Stored files are not metered: they cannot be seen here. Put the content into the call."),
        new("fileSearchStores", "Stored files are not metered: they cannot be seen here. Put the content into the call."),
        new("cachedContents", "Stored caches are not metered: they cost by the hour. Send the content with each call; the provider caches by itself."),
        new("tunedModels", "Training is not metered: the price book has none."),
        new("interactions", "Interactions are not metered: what is stored of one cannot be seen here. Use generateContent."),
        new(":predict", "Images are not metered over HTTP; in process they are, with the decorator."),
        new(":predictLongRunning", "Videos are not metered: the price book has none."),
    ];
}
