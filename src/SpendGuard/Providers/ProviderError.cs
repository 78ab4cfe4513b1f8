using System.Text.Json;
using SpendGuard.Billing;

namespace SpendGuard.Providers;

/// <summary>What the body of an error answer says: in an <c>error</c> object, in that of the first of a list, or at the top.</summary>
/// <param name="Type">The kind of error.</param>
/// <param name="Code">The error by a name; null where it is a number.</param>
/// <param name="Status">The status by a name.</param>
/// <param name="Message">What people are told.</param>
internal sealed record ProviderError(string? Type, string? Code, string? Status, string? Message)
{
    /// <summary>Reads a body; null for one that says none of it.</summary>
    public static ProviderError? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            root = root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0 ? root[0] : root;
            return UsageJson.Object(root, "error") is { } error
                ? new(UsageJson.Text(error, "type"), UsageJson.Text(error, "code"), UsageJson.Text(error, "status"), UsageJson.Text(error, "message"))
                : new(UsageJson.Text(root, "type"), UsageJson.Text(root, "code"), UsageJson.Text(root, "status"), UsageJson.Text(root, "error") ?? UsageJson.Text(root, "message"));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // What is no JSON, or has names in it that are no text, says nothing.
            return null;
        }
    }

    /// <summary>Whether it tells people, or names as its code, one of several things.</summary>
    public bool Says(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (Message?.Contains(word, StringComparison.OrdinalIgnoreCase) == true || Code?.Contains(word, StringComparison.OrdinalIgnoreCase) == true)
            {
                return true;
            }
        }

        return false;
    }
}
