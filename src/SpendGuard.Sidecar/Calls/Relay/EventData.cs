namespace SpendGuard.Sidecar.Calls.Relay;

/// <summary>The data of a server-sent event.</summary>
internal static class EventData
{
    /// <summary>The data of its only data line, or of all of them joined; empty when it has none.</summary>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> passed)
    {
        // Before the first event there may be a byte order mark.
        passed = passed.StartsWith("\uFEFF"u8) ? passed["\uFEFF"u8.Length..] : passed;
        ReadOnlySpan<byte> only = default;
        byte[]? joined = null;
        foreach (var range in passed.SplitAny("\r\n"u8))
        {
            var line = passed[range];
            if (!line.StartsWith("data:"u8))
            {
                continue;
            }

            var data = line["data:"u8.Length..];
            data = data.StartsWith(" "u8) ? data[1..] : data;
            if (only.IsEmpty)
            {
                only = data;
            }
            else
            {
                joined = [.. joined ?? only.ToArray(), (byte)'\n', .. data];
            }
        }

        return joined ?? only;
    }
}
