namespace SpendGuard.Tests.Architecture;

/// <summary>A file has one job, and a folder is looked over at a glance.</summary>
public sealed class SizeTests
{
    private const int MostLines = 250;
    private const int MostFiles = 20;

    [Fact]
    public void Files_AreShort() => Findings.AssertNone(
        from path in Repository.Sources("src")
        let lines = Repository.Lines(path).Length
        where lines > MostLines
        select $"{path} has {lines} lines.");

    [Theory]
    [InlineData("src")]
    public void Folders_AreSmall(string root) => Findings.AssertNone(
        from path in Repository.Sources(root)
        group path by path[..path.LastIndexOf('/')] into folder
        let files = folder.Count()
        where files > MostFiles
        select $"{folder.Key} has {files} files.");
}
