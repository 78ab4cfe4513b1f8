using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SpendGuard.SignedPrices.Sources;

/// <summary>The last good document, kept on disk for the next start.</summary>
/// <remarks>
/// What is read back is trusted no more than what comes from a server: the document in it is verified again. It carries the date
/// below which documents are refused, so that nobody can lower that date without the private key.
/// </remarks>
internal sealed class KeptDocuments(string path)
{
    /// <summary>Escaping makes a text at most six times as long.</summary>
    private const long MaxBytes = 6L * LimitedReader.MaxBytes + (64 * 1024);

    public string Path => path;

    /// <summary>What was kept; null when nothing was.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be read.</exception>
    /// <exception cref="JsonException">The file is not what was written.</exception>
    public KeptDocument? Read()
    {
        try
        {
            using var file = File.OpenRead(Path);
            return file.Length <= MaxBytes
                ? JsonSerializer.Deserialize(file, KeptJson.Default.KeptDocument)
                : throw new JsonException("It is too large.");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Keeps a document in place of the one before. Whenever the machine stops, the file has one of the two, whole.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be written.</exception>
    public void Write(KeptDocument document)
    {
        // A name of its own, because several processes may share the folder.
        var temporary = $"{Path}.{Guid.NewGuid():n}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                JsonSerializer.Serialize(file, document, KeptJson.Default.KeptDocument);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, Path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}

/// <summary>A document with what is needed to ask its source for a newer one.</summary>
internal sealed record KeptDocument
{
    /// <summary>Where the document is from.</summary>
    [JsonPropertyName("source")]
    public required string Source { get; init; }

    [JsonPropertyName("tag")]
    public string? Tag { get; init; }

    /// <summary>The document as it came, signature included.</summary>
    [JsonPropertyName("document")]
    public required string Document { get; init; }

    [JsonIgnore]
    public ReadOnlyMemory<byte> Text => Encoding.UTF8.GetBytes(Document);
}

/// <summary>Reads and writes kept documents without reflection.</summary>
[JsonSourceGenerationOptions(RespectNullableAnnotations = true)]
[JsonSerializable(typeof(KeptDocument))]
internal sealed partial class KeptJson : JsonSerializerContext;
