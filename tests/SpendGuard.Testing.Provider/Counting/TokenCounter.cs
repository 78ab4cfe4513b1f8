using System.Text.Json.Nodes;
using Microsoft.ML.Tokenizers;

namespace SpendGuard.Testing.Provider.Counting;

/// <summary>Counts as the models do, with the o200k encoding.</summary>
internal static class TokenCounter
{
    private static readonly Lazy<TiktokenTokenizer> Encoding = new(() => TiktokenTokenizer.CreateForEncoding("o200k_base"));

    public static long Count(string? text) => string.IsNullOrEmpty(text) ? 0 : Encoding.Value.CountTokens(text);

    public static long CountJson(JsonNode? node) => node is null ? 0 : Count(CompactJson.Write(node));

    public static string Truncate(string text, long tokens)
    {
        var ids = Encoding.Value.EncodeToIds(text);
        return ids.Count <= tokens ? text : Encoding.Value.Decode(ids.Take((int)tokens));
    }
}
