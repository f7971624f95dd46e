import Core
import Foundation
import Glibc

extension Command {
  static let train = Command(
    name: "train", summary: "train models from a folder and freeze them",
    usage:
      "train [FOLDER] [--select [--labels FILE] [--clusters N,N,...] [--seeds N] [--networks no]]",
    details: """
      Reads FOLDER (default: intake.input), trains every extractor and a first clustering on it, and writes
      a bundle below the state folder. A store without a generation opens its first one from it.

        --select  first compare extractors and fusions as `evaluate` does, with its options, and take
                  the winner instead of what the configuration says; the bundle's manifest
                  holds the choice and its metrics
      """, examples: ["train", "train /srv/archive-sample --select"]
  ) { invocation in
    try handOver(invocation)
  }

  static let evaluate = Command(
    name: "evaluate", summary: "compare extractors, fusions and clusterings on a folder",
    usage:
      "evaluate [FOLDER] [--quick] [--labels FILE] [--out FOLDER] [--clusters N,N,...] [--seeds N] [--networks no]",
    details: """
      Runs the method's three experiments on FOLDER (default: intake.input): each source with each
      extractor, their fusion by each strategy, and fusion without each source; by k-means and k-medoids.
      Judged by homogeneity and mutual information against modality and body part, with and without the
      tags that name them. Choices are made on validation studies. Results are cached in the output folder,
      so that an interrupted run resumes. Progress says how long it still takes.

        --quick           a first look: no networks, 3 seeds, 50 clusters
        --labels FILE     truth from a table with columns study_uid, modality, region
                          (default: what the files say of themselves)
        --out FOLDER      evaluation.html, .csv and .json go there (./evaluation)
        --clusters N,...  numbers of clusters (30,40,50)
        --seeds N         runs of each clustering (20)
        --networks no     without extractors that are trained for minutes (yes)
      """,
    examples: [
      "evaluate --quick", "evaluate /srv/archive-sample --labels truth.tsv --out /tmp/evaluation",
    ]
  ) { invocation in
    try handOver(invocation)
  }

  static let report = Command(
    name: "report", summary: "write a folder of HTML pages to review clusters, drift and intake by",
    usage: "report [FOLDER] [--studies shown|all|none]",
    details: """
      Writes FOLDER (./report) from the store as it is now: an overview of the clusters, a page with a contact
      sheet for each, the queue of reviews, a map, drift over time, the lineage of generations, and what was taken in.
      The pages need no network and no server: open FOLDER/index.html. Written again, the folder is brought up to date.

        --studies WHICH  pages and pictures of their own: for the studies nearest to each cluster's centre (shown, 48 a
                         cluster), for all, or for none. Each takes about 20 kB.
      """,
    examples: [
      "report", "report /srv/www/radiologynet", "report /srv/www/radiologynet --studies all",
    ]
  ) { invocation in
    try handOver(invocation)
  }

  static let export = Command(
    name: "export", summary: "write an annotated data set to pretrain models on",
    usage:
      "export FOLDER [--include accepted|unrejected|all] [--format png|png16|dicom] [--side N] [--frames N] [--instances N] [--per-class N] [--split A,B,C] [--burned-in withhold|mask|keep] [--webdataset N] [--title TEXT] [--licence TEXT] [--creator TEXT]",
    details: """
      FOLDER is new, empty, or an earlier export.
      Writes FOLDER/{train,validation,test}/CLUSTER/*.png from the files of the input folder, labels.csv and
      labels.jsonl, metadata.csv for Hugging Face, classes.json, embeddings.npz, croissant.json, manifest.json,
      SHA256SUMS and a datasheet, README.md. Classes are the current clusters. No patient is in two splits.
      Written again, the folder is brought up to date: what is there is kept, labels follow reclusters, class
      numbers stay; an interrupted export resumes.

        --include WHICH  clusters that were accepted (default), all but rejected ones, or all
        --format FORMAT  png (8 bits), png16, or dicom: labels alone, naming DICOM files, where privacy.uids = "plain"
        --side N         rows and columns of the images (256)
        --frames N       frames of one instance (1)
        --instances N    instances of one unit at most
        --per-class N    instances of one class at most, to balance them
        --split A,B,C    per cent of the patients in each split (80,10,10)
        --webdataset N   also shards of N images each in FOLDER/webdataset
        --title TEXT, --licence TEXT, --creator TEXT
                         for the datasheet and the Croissant metadata
        --burned-in HOW  images with text in them: withhold (default), mask it with black, or keep
      """,
    examples: ["export /srv/dataset", "export /srv/dataset --include unrejected --per-class 2000"]
  ) { invocation in
    try handOver(invocation)
  }

  static let simulate = Command(
    name: "simulate", summary: "write a synthetic PACS export",
    usage:
      "simulate FOLDER [--studies N] [--first N] [--rate N] [--size N] [--slices N] [--seed N] [--burned-in SHARE]",
    details: """
      Writes studies of CT, MR, CR, DX, US, XA, MG and NM of ten body parts with reports and realistic gaps.
      The same seed writes the same studies.

        --studies N  how many (100)
        --first N    number of the first one (0), to go on with an earlier export
        --rate N     studies a minute (as fast as it can)
        --size N     rows and columns (512)
        --slices N   of a CT or MR series (3 to 7)
        --seed N     (1)
        --burned-in SHARE
                     share of the images with the name or a date in them (0); FOLDER.burned-in.jsonl tells where
      """,
    examples: ["simulate /tmp/export", "simulate /tmp/export --studies 20 --rate 30 --seed 7"]
  ) { invocation in
    try handOver("simulate", invocation.arguments, invocation)
  }

  /// Replaces this process by radiologynet-lab with the same command and configuration.
  private static func handOver(_ invocation: Invocation) throws {
    try handOver(invocation.command.name, invocation.arguments, invocation)
  }

  /// Replaces this process by the radiologynet-lab beside this executable.
  static func handOver(_ command: String, _ arguments: [String], _ invocation: Invocation) throws {
    let path = besideExecutable("radiologynet-lab")
    // OpenMP threads would otherwise spin while they wait and take cores from other processes.
    setenv("OMP_WAIT_POLICY", "passive", 0)
    let words =
      [path, command] + arguments + ["--config", invocation.configurationPath]
      + (invocation.json ? ["--json"] : [])
    var vector = words.map { strdup($0) as UnsafeMutablePointer<CChar>? } + [nil]
    execv(path, &vector)
    throw CommandError("\(path): \(String(cString: strerror(errno)))", .unavailable)
  }
}
