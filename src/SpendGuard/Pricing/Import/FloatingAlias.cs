namespace SpendGuard.Pricing.Import;

/// <summary>Tells names that point to another model every few months, and so to another price, from names of models.</summary>
internal static class FloatingAlias
{
    private const string Latest = "latest";
    private const string ChatLatest = "-chat-latest";

    public static bool Is(string model) =>
        (model == Latest || model.EndsWith("-" + Latest, StringComparison.Ordinal) || model.EndsWith("/" + Latest, StringComparison.Ordinal))
        && !IsVersionedChatModel(model);

    /// <summary>OpenAI sells the models of its chat product under such names, each with a version and a price of its own.</summary>
    private static bool IsVersionedChatModel(string model) =>
        model == "chatgpt-4o-latest"
        || (model.StartsWith("gpt-", StringComparison.Ordinal) && model.EndsWith(ChatLatest, StringComparison.Ordinal)
            && model.AsSpan(4, Math.Max(0, model.Length - 4 - ChatLatest.Length)).ContainsAnyInRange('0', '9'));
}
