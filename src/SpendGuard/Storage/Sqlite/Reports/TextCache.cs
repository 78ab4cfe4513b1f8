using System.Text;

namespace SpendGuard.Storage.Sqlite;

/// <summary>Makes each of a column's few texts once, however many rows have it.</summary>
/// <param name="make">Makes what a text stands for.</param>
internal sealed class TextCache<T>(Func<string, T> make)
{
    /// <summary>Where there are more, there is little to save.</summary>
    private const int Most = 1 << 16;

    private readonly Dictionary<int, (byte[] Text, T Value)> _known = [];

    public T Of(ReadOnlySpan<byte> utf8)
    {
        var hash = new HashCode();
        hash.AddBytes(utf8);
        var key = hash.ToHashCode();
        if (_known.TryGetValue(key, out var known) && utf8.SequenceEqual(known.Text))
        {
            return known.Value;
        }

        var value = make(Encoding.UTF8.GetString(utf8));
        if (_known.Count < Most)
        {
            _known[key] = (utf8.ToArray(), value);
        }

        return value;
    }
}
