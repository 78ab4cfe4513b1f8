using System.Buffers;
using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace SpendGuard.Budgets;

/// <summary>The accounts that a reservation was made in, from its run and agent up to the root. Two of the same are equal.</summary>
[Experimental(ApiTier.Stores)]
[SuppressMessage("Naming", "CA1710", Justification = "It is a value, whose parts can be gone through.")]
public sealed class AccountKeys : IReadOnlyList<AccountKey>, IEquatable<AccountKeys>
{
    private readonly AccountKey[] _keys;

    /// <summary>Takes them in their order.</summary>
    public AccountKeys(IEnumerable<AccountKey> keys) => _keys = [.. keys];

    /// <summary>None.</summary>
    public static AccountKeys None { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _keys.Length;

    /// <inheritdoc/>
    public AccountKey this[int index] => _keys[index];

    /// <summary>Reads what <see cref="ToString"/> has written.</summary>
    /// <param name="text">The text; null for none.</param>
    /// <exception cref="FormatException">It is something else.</exception>
    public static AccountKeys Parse(string? text)
    {
        if (text is null)
        {
            return None;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return new AccountKeys(document.RootElement.EnumerateArray().Select(key => key.GetArrayLength() == 3
                ? new AccountKey(key[0].GetString()!, key[1].GetString()!, key[2].GetInt32())
                : throw new FormatException("An account has a node, a limit and a number.")));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException("The accounts of a reservation cannot be read.", exception);
        }
    }

    /// <summary>As a store can keep them: <c>[["team-red","month",3]]</c>; null for none.</summary>
    public string? ToText()
    {
        if (_keys.Length == 0)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var (node, limit, number) in _keys)
            {
                writer.WriteStartArray();
                writer.WriteStringValue(node.Value);
                writer.WriteStringValue(limit);
                writer.WriteNumberValue(number);
                writer.WriteEndArray();
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <inheritdoc/>
    public bool Equals(AccountKeys? other) => other is not null && _keys.AsSpan().SequenceEqual(other._keys);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AccountKeys);

    /// <inheritdoc/>
    public override int GetHashCode() => _keys.Aggregate(0, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => ToText() ?? "[]";

    /// <inheritdoc/>
    public IEnumerator<AccountKey> GetEnumerator() => ((IEnumerable<AccountKey>)_keys).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
