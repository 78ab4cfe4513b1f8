using System.Text;

namespace SpendGuard.Testing.Provider.Batches.OpenAI;

/// <summary>The files that the provider was sent, and those that it has made.</summary>
public sealed class SimulatedFiles
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SimulatedFile> _files = new(StringComparer.Ordinal);

    /// <summary>The ids of all files, oldest first.</summary>
    public IReadOnlyList<string> Ids
    {
        get
        {
            lock (_gate)
            {
                return [.. _files.Keys];
            }
        }
    }

    /// <summary>What is in a file, as text; null if there is none.</summary>
    public string? TextOf(string id) => Find(id) is { } file ? Encoding.UTF8.GetString(file.Content) : null;

    internal SimulatedFile? Find(string id)
    {
        lock (_gate)
        {
            return _files.GetValueOrDefault(id);
        }
    }

    internal void Keep(SimulatedFile file)
    {
        lock (_gate)
        {
            _files[file.Id] = file;
        }
    }

    internal void Delete(string id)
    {
        lock (_gate)
        {
            _files.Remove(id);
        }
    }
}
