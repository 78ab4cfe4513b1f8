using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace SpendGuard.Conversations;

/// <summary>Takes in parts of a conversation, each so that none can be taken for another, and keeps nothing of them but a hash.</summary>
internal sealed class FingerprintHash : IDisposable
{
    private const int Bytes = 16;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public FingerprintHash(string model)
    {
        Add("spendguard call 1");
        Add(model);
    }

    public void AddMessage(bool isModels) => Add(isModels ? -1 : -2);

    public void Add(ConversationPart part)
    {
        Add((int)part.Kind);
        Add(part.Name);
        if (part.Json is { } json)
        {
            Add(json, part.LeftOut);
        }
        else if (part.Kind != PartKind.ToolCall || !TryAddJson(part.Text))
        {
            Add(part.Text);
        }
    }

    /// <summary>What a JSON text says; as it is written where half of a surrogate pair is missing, which a model may well write.</summary>
    public static string? TextOf(JsonElement text)
    {
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            return text.GetRawText();
        }
    }

    public CallFingerprint End() => new(Convert.ToHexStringLower(_hash.GetHashAndReset().AsSpan(0, Bytes)));

    public void Dispose() => _hash.Dispose();

    private bool TryAddJson(string? text)
    {
        if (text is null)
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            Add(document.RootElement, []);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Adds JSON by what it says: fields in the order of their names, strings without their escapes.</summary>
    private void Add(JsonElement json, IReadOnlyList<string> leftOut)
    {
        Add((int)json.ValueKind);
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                var fields = json.EnumerateObject().Select(static field => (Name: NameOf(field), field.Value))
                    .Where(field => !leftOut.Contains(field.Name, StringComparer.Ordinal)).OrderBy(static field => field.Name, StringComparer.Ordinal).ToList();
                Add(fields.Count);
                foreach (var (name, value) in fields)
                {
                    Add(name);
                    Add(value, []);
                }

                break;
            case JsonValueKind.Array:
                Add(json.GetArrayLength());
                foreach (var item in json.EnumerateArray())
                {
                    Add(item, []);
                }

                break;
            case JsonValueKind.String:
                Add(TextOf(json));
                break;
            case JsonValueKind.Number:
                Add(json.GetRawText());
                break;
        }
    }

    private static string NameOf(JsonProperty field)
    {
        try
        {
            return field.Name;
        }
        catch (InvalidOperationException)
        {
            return field.ToString();
        }
    }

    private void Add(string? text)
    {
        Add(text?.Length ?? -1);
        _hash.AppendData(MemoryMarshal.AsBytes(text.AsSpan()));
    }

    private void Add(int number) => _hash.AppendData(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in number)));
}
