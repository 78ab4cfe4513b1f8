using System.Text.Json;

namespace SpendGuard.Sidecar.Dialects.Forms;

/// <summary>Writes counts that nobody may have told.</summary>
internal static class WriterCounts
{
    /// <summary>Writes a count, or null for one that was not told: that is not none.</summary>
    public static void WriteCount(this Utf8JsonWriter writer, string name, long? count)
    {
        if (count is { } told)
        {
            writer.WriteNumber(name, told);
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
